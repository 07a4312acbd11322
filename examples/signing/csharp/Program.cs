using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;

/// <summary>
/// dotnet run vault &lt; request.json             vaults a card and prints the verified response
/// dotnet run vectors &lt; signature-vectors.tsv  tests AntomSigning with the signature vectors
/// </summary>
static class Program
{
    // In production: /ams/api/v1/vaults/vaultPaymentMethod
    const string Path = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";

    static int Main(string[] args)
    {
        var input = new MemoryStream();
        Console.OpenStandardInput().CopyTo(input);
        return args[0] == "vault" ? Vault(input.ToArray()).GetAwaiter().GetResult() : RunVectors(Encoding.UTF8.GetString(input.ToArray()));
    }

    static async Task<int> Vault(byte[] body)
    {
        string clientId = Environment.GetEnvironmentVariable("ANTOM_CLIENT_ID");
        RSA privateKey = Keys.LoadPrivate(Environment.GetEnvironmentVariable("ANTOM_PRIVATE_KEY"));
        RSA publicKey = Keys.LoadPublic(Environment.GetEnvironmentVariable("ANTOM_PUBLIC_KEY"));
        string time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString();
        var request = new HttpRequestMessage(HttpMethod.Post, Environment.GetEnvironmentVariable("ANTOM_BASE_URL") + Path);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=UTF-8");
        request.Headers.Add("Client-Id", clientId);
        request.Headers.Add("Request-Time", time);
        request.Headers.TryAddWithoutValidation("Signature", AntomSigning.Sign(privateKey, "POST", Path, clientId, time, body));

        // A redirect would send the card to a different server.
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };
        HttpResponseMessage response = await client.SendAsync(request);
        byte[] content = await response.Content.ReadAsByteArrayAsync();
        string responseTime = GetHeader(response, "response-time"), signature = GetHeader(response, "signature");
        if (!AntomSigning.Verify(publicKey, "POST", Path, clientId, responseTime, content, signature))
        {
            Console.Error.WriteLine("The response is not signed by Antom. Send the same request again, or call inquireVaulting.");
            return 1;
        }
        Console.WriteLine(Encoding.UTF8.GetString(content));
        return 0;
    }

    static string GetHeader(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    static int RunVectors(string table)
    {
        int passed = 0, failed = 0;
        foreach (string line in table.TrimEnd('\n').Split('\n').Skip(1))
        {
            // id, expected, method, path, client ID, time, body, header, public key, private key
            string[] f = line.Split('\t');
            byte[] body = Convert.FromBase64String(f[6]);
            bool valid = AntomSigning.Verify(Keys.LoadPublic(f[8]), f[2], f[3], f[4], f[5], body, f[7]);
            bool signed = f[9] == "" || AntomSigning.Sign(Keys.LoadPrivate(f[9]), f[2], f[3], f[4], f[5], body) == f[7];
            if (f[1] == (valid ? "valid" : "invalid") && signed) passed++;
            else
            {
                failed++;
                Console.WriteLine($"failed: {f[0]}");
            }
        }
        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }
}
