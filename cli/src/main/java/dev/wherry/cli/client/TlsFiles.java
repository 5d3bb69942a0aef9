package dev.wherry.cli.client;

import java.nio.file.Path;

/**
 * The files that prove who the two sides of a TLS connection are, all in PEM.
 *
 * @param ca the certificates that the server's certificate must be signed by
 * @param cert the certificate of the client, followed by those between it and its CA
 * @param key the private key of that certificate
 */
public record TlsFiles(Path ca, Path cert, Path key) {
    /** The files with the names that they have in one folder by convention. */
    public static TlsFiles in(Path folder) {
        return new TlsFiles(folder.resolve("ca.pem"), folder.resolve("cert.pem"), folder.resolve("key.pem"));
    }
}
