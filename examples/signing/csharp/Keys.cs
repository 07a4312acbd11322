using System;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

/// <summary>Loads keys, as PEM or as bare base64. Requires .NET Core 3.0 or later.</summary>
public static class Keys
{
    public static RSA LoadPrivate(string key)
    {
        RSA rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Decode(key), out _);
        return rsa;
    }

    public static RSA LoadPublic(string key)
    {
        RSA rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Decode(key), out _);
        return rsa;
    }

    static byte[] Decode(string key) => Convert.FromBase64String(Regex.Replace(key, @"-----[^-]+-----|\s", ""));
}
