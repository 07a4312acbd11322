/** A local certificate authority and a server certificate, for clients that call only https URLs. */
import { createPrivateKey, randomBytes, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import type Forge from "node-forge";
import { createPrivateDirectory } from "../machine/create-private-directory.ts";
import { AntomVaultError, loadDependency } from "../protocol/errors.ts";
import { generateKeyPair } from "../signature/index.ts";
import { explainFailure } from "./credentials.ts";
import { readPrivateFile, TLS_AUTHORITY_FILE, writePrivateFile } from "./private-files.ts";

/** A certificate followed by its private key, in PEM. */
type CertificateWithKey = string;

export interface TlsCertificates {
  /** The authority's certificate in PEM, which clients must trust. */
  readonly authority: string;
  readonly server: CertificateWithKey;
}

const AUTHORITY_KEY_FILE = "tls-authority-key.pem";
const SERVER_KEY_FILE = "tls-server-key.pem";

const LOCAL_HOSTS = ["localhost", "127.0.0.1", "::1"];
const AUTHORITY_DAYS = 3650;
/** Some platforms reject certificates with a longer lifetime. */
const SERVER_DAYS = 397;
const RENEWAL_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Returns the certificates in a directory. Creates both if a key file is missing, or if the authority expires too soon, is not allowed to sign for
 * `host`, or did not sign the server certificate. Clients must then trust the new authority. If only the server certificate expires within 30 days,
 * renews only that certificate.
 *
 * @param directory default: the certificates are not stored
 * @param host a host name or IP address in addition to localhost, 127.0.0.1, and ::1
 * @throws {AntomVaultError} `DEPENDENCY_MISSING` if node-forge is not installed.
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the host is invalid, or if a file cannot be read or written.
 */
export async function openTlsCertificates(directory?: string, host?: string): Promise<TlsCertificates> {
  if (host !== undefined && !isIP(host) && !/^(?=.{1,253}$)[a-z\d-]{1,63}(\.[a-z\d-]{1,63})*$/i.test(host))
    throw new AntomVaultError("CONFIGURATION_INVALID", "--tls-host must be a host name or an IP address.");
  // Load node-forge first, so that nothing is written if the package is missing.
  await loadForge();
  const hosts = host === undefined ? LOCAL_HOSTS : [...LOCAL_HOSTS, host];
  if (directory === undefined) return createTlsCertificates(hosts);
  return explainFailure(directory, "Fix this problem, or use a different directory.", async () => {
    await createPrivateDirectory(directory);
    const authorityFile = join(directory, AUTHORITY_KEY_FILE);
    const serverFile = join(directory, SERVER_KEY_FILE);
    const [authority, server] = [await readPrivateFile(authorityFile), await readPrivateFile(serverFile)];
    const stored = authority && server && { authority: authority.text, server: server.text };
    const current = await renewCertificates(stored, hosts);
    if (current.authority !== stored?.authority) await writePrivateFile(authorityFile, current.authority);
    const publicFile = join(directory, TLS_AUTHORITY_FILE);
    const certificate = new X509Certificate(current.authority).toString();
    if ((await readFile(publicFile, "utf8").catch(() => undefined)) !== certificate)
      await writePrivateFile(publicFile, certificate, 0o644);
    if (current.server !== stored?.server) await writePrivateFile(serverFile, current.server);
    return { authority: certificate, server: current.server };
  });
}

/** Both certificates, each with its private key. */
interface CertificatesWithKeys {
  readonly authority: CertificateWithKey;
  readonly server: CertificateWithKey;
}

/** Creates certificates for hosts. The authority may sign only for these hosts, because users add it to trust stores. */
export async function createTlsCertificates(hosts: readonly string[]): Promise<TlsCertificates> {
  const { authority, server } = await createAuthorityAndServer(hosts);
  return { authority: new X509Certificate(authority).toString(), server };
}

async function createAuthorityAndServer(hosts: readonly string[]): Promise<CertificatesWithKeys> {
  const authority = await issueCertificate(hosts);
  return { authority, server: await issueCertificate(hosts, authority) };
}

async function renewCertificates(
  stored: CertificatesWithKeys | undefined,
  requiredHosts: readonly string[],
): Promise<CertificatesWithKeys> {
  if (!stored) return createAuthorityAndServer(requiredHosts);
  const [authority, server] = [new X509Certificate(stored.authority), new X509Certificate(stored.server)];
  const hosts = [...(server.subjectAltName ?? "").matchAll(/(?:DNS|IP Address):([^,]+)/g)].map(([, name = ""]) => name);
  const newHosts = requiredHosts.filter((name) => !(isIP(name) ? server.checkIP(name) : server.checkHost(name)));
  // The process might have stopped between writing the two files.
  const isAuthorityUsable = server.verify(authority.publicKey) && !expiresWithin(authority, SERVER_DAYS);
  if (newHosts.length > 0 || !isAuthorityUsable) return createAuthorityAndServer([...hosts, ...newHosts]);
  if (!expiresWithin(server, RENEWAL_DAYS)) return stored;
  return { authority: stored.authority, server: await issueCertificate(hosts, stored.authority) };
}

const expiresWithin = ({ validTo }: X509Certificate, days: number): boolean =>
  Date.parse(validTo) < Date.now() + days * DAY_MS;

const loadForge = () => loadDependency("--tls", () => import("node-forge"));

/** Issues a server certificate, or an authority certificate if there is no issuer. */
async function issueCertificate(hosts: readonly string[], issuer?: CertificateWithKey): Promise<CertificateWithKey> {
  const { default: forge } = await loadForge();
  const { pki } = forge;
  const keys = await generateKeyPair();
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(keys.publicKey);
  // A serial number must be positive and must not have leading zeros.
  certificate.serialNumber = `4${randomBytes(16).toString("hex").slice(1)}`;
  certificate.validity.notBefore = new Date(Date.now() - DAY_MS / 2);
  certificate.validity.notAfter = new Date(Date.now() + (issuer ? SERVER_DAYS - 1 : AUTHORITY_DAYS) * DAY_MS);
  const name = issuer
    ? "antom-vault local server"
    : `antom-vault local authority ${certificate.serialNumber.slice(-8)}`;
  certificate.setSubject([{ name: "commonName", value: name }]);
  const issuerCertificate = issuer === undefined ? certificate : pki.certificateFromPem(issuer);
  certificate.setIssuer(issuerCertificate.subject.attributes);
  certificate.setExtensions([
    ...(issuer ? listServerExtensions(hosts) : listAuthorityExtensions(forge, hosts)),
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectKeyIdentifier" },
    { name: "authorityKeyIdentifier", keyIdentifier: issuerCertificate.generateSubjectKeyIdentifier().getBytes() },
  ]);
  const signingKey = createPrivateKey(issuer ?? keys.privateKey).export({ type: "pkcs1", format: "pem" });
  certificate.sign(pki.privateKeyFromPem(String(signingKey)), forge.md.sha256.create());
  return pki.certificateToPem(certificate).replaceAll("\r", "") + keys.privateKey;
}

const listServerExtensions = (hosts: readonly string[]): readonly object[] => [
  { name: "basicConstraints", critical: true, cA: false },
  { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
  {
    name: "subjectAltName",
    altNames: hosts.map((host) => (isIP(host) ? { type: 7, ip: host } : { type: 2, value: host })),
  },
];

function listAuthorityExtensions({ asn1, util }: typeof Forge, hosts: readonly string[]): readonly object[] {
  const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class;
  // The types of node-forge omit this function.
  const { bytesFromIP } = util as typeof util & { readonly bytesFromIP: (address: string) => string };
  const permitted = hosts.map((host) => {
    const address = isIP(host) ? bytesFromIP(host) : undefined;
    // An IP address is followed by its mask.
    const name =
      address === undefined
        ? asn1.create(CONTEXT_SPECIFIC, 2, false, host)
        : asn1.create(CONTEXT_SPECIFIC, 7, false, address + "\xff".repeat(address.length));
    return asn1.create(UNIVERSAL, asn1.Type.SEQUENCE, true, [name]);
  });
  const nameConstraints = asn1.create(UNIVERSAL, asn1.Type.SEQUENCE, true, [
    asn1.create(CONTEXT_SPECIFIC, 0, true, permitted),
  ]);
  return [
    { name: "basicConstraints", critical: true, cA: true, pathLenConstraint: 0 },
    { name: "keyUsage", critical: true, keyCertSign: true },
    { id: "2.5.29.30", critical: true, value: nameConstraints },
  ];
}
