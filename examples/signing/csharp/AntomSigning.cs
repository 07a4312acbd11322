using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;

/// <summary>Signs requests and verifies responses and notifications of the Antom Vault API.</summary>
public static class AntomSigning
{
    /// <summary>Returns the Signature header of a request. Pass exactly the body that you send.</summary>
    public static string Sign(RSA key, string method, string path, string clientId, string time, byte[] body)
    {
        byte[] data = StringToSign(method, path, clientId, time, body);
        byte[] signature = key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return "algorithm=RSA256,keyVersion=1,signature=" + Uri.EscapeDataString(Convert.ToBase64String(signature));
    }

    /// <summary>
    /// Returns whether a message is from Antom. Pass the raw body and your own client ID.
    /// For a response, pass the path that you requested and the response-time header.
    /// For a notification, pass the path and query of your vaultingNotificationUrl and the request-time header.
    /// </summary>
    public static bool Verify(RSA key, string method, string path, string clientId, string time, byte[] body, string header)
    {
        byte[] data = StringToSign(method, path, clientId, time, body);
        byte[] signature = ReadSignature(header ?? "");
        return signature != null && key.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    static byte[] StringToSign(string method, string path, string clientId, string time, byte[] body)
    {
        byte[] head = Encoding.UTF8.GetBytes($"{method} {path}\n{clientId}.{time}.");
        byte[] data = new byte[head.Length + body.Length];
        head.CopyTo(data, 0);
        body.CopyTo(data, head.Length);
        return data;
    }

    static byte[] ReadSignature(string header)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string field in header.Split(','))
        {
            string[] pair = field.Trim().Split(new[] { '=' }, 2);
            if (fields.ContainsKey(pair[0])) return null;
            fields[pair[0]] = pair.Length == 2 ? pair[1] : "";
        }
        fields.TryGetValue("algorithm", out string algorithm);
        fields.TryGetValue("signature", out string signature);
        if (!"RSA256".Equals(algorithm, StringComparison.OrdinalIgnoreCase) || string.IsNullOrEmpty(signature)) return null;
        try
        {
            return Convert.FromBase64String(Uri.UnescapeDataString(signature));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
