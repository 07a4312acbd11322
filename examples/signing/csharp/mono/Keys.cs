using System;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Mono.Security;
using Mono.Security.Cryptography;

/// <summary>Replaces ../Keys.cs on Mono, whose RSA class cannot import these key formats.</summary>
public static class Keys
{
    public static RSA LoadPrivate(string key) => PKCS8.PrivateKeyInfo.DecodeRSA(new PKCS8.PrivateKeyInfo(Decode(key)).PrivateKey);

    public static RSA LoadPublic(string key)
    {
        // A SubjectPublicKeyInfo contains an algorithm and a bit string, which contains a sequence of the modulus and the exponent.
        byte[] bits = new ASN1(Decode(key))[1].Value;
        byte[] sequence = new byte[bits.Length - 1];
        Array.Copy(bits, 1, sequence, 0, sequence.Length);
        ASN1 numbers = new ASN1(sequence);
        RSA rsa = RSA.Create();
        rsa.ImportParameters(new RSAParameters { Modulus = WithoutZeros(numbers[0].Value), Exponent = numbers[1].Value });
        return rsa;
    }

    static byte[] WithoutZeros(byte[] number)
    {
        byte[] copy = new byte[number.Length - Array.FindIndex(number, digit => digit != 0)];
        Array.Copy(number, number.Length - copy.Length, copy, 0, copy.Length);
        return copy;
    }

    static byte[] Decode(string key) => Convert.FromBase64String(Regex.Replace(key, @"-----[^-]+-----|\s", ""));
}
