package dev.wherry.daemon.registry.transport;

import dev.wherry.daemon.error.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Certificates by host, in folders as docker has them: {@code HOST:PORT/*.crt} are authorities that are trusted besides
 * the usual ones, {@code NAME.cert} with {@code NAME.key} is what we show of ourselves.
 */
final class HostCertificates {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END");

    /** The algorithm identifier of an RSA key with the version before it (RFC 5208). */
    private static final byte[] RSA_HEAD = {
        2, 1, 0, 0x30, 0x0d, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };

    private HostCertificates() {}

    /**
     * What to speak TLS with a host by.
     *
     * @return empty when there are no certificates for it
     * @throws InvalidInputException when they cannot be used; the message names the file
     */
    static Optional<SSLContext> of(Path folders, String authority) {
        Path folder = folders.resolve(authority);
        if (!folder.normalize().getParent().equals(folders.normalize()) || !Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(clients(files(folder, ".cert")), authorities(files(folder, ".crt")), null);
            return Optional.of(context);
        } catch (GeneralSecurityException | IOException failure) {
            throw new InvalidInputException(
                    "cannot use the certificates in " + folder + ": " + failure.getMessage(), failure);
        }
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private static TrustManager[] authorities(List<Path> files) throws GeneralSecurityException, IOException {
        if (files.isEmpty()) {
            return null;
        }
        KeyStore trusted = empty();
        for (X509Certificate usual : usual()) {
            trusted.setCertificateEntry("usual " + trusted.size(), usual);
        }
        for (Path file : files) {
            for (Certificate certificate : certificates(file)) {
                trusted.setCertificateEntry("own " + trusted.size(), certificate);
            }
        }
        return trust(trusted).getTrustManagers();
    }

    private static List<X509Certificate> usual() throws GeneralSecurityException {
        return Stream.of(trust(null).getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .flatMap(manager -> Stream.of(((X509TrustManager) manager).getAcceptedIssuers()))
                .toList();
    }

    private static TrustManagerFactory trust(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static KeyManager[] clients(List<Path> files) throws GeneralSecurityException, IOException {
        if (files.isEmpty()) {
            return null;
        }
        KeyStore own = empty();
        for (Path file : files) {
            String name = file.getFileName().toString();
            Path key = file.resolveSibling(name.substring(0, name.length() - ".cert".length()) + ".key");
            Certificate[] chain = certificates(file).toArray(Certificate[]::new);
            own.setKeyEntry(name, key(key), new char[0], chain);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, new char[0]);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws GeneralSecurityException, IOException {
        byte[] bytes = Files.readAllBytes(file);
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes));
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException, IOException {
        Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!pem.find() || pem.group(1).startsWith("EC ")) {
            throw new IOException(file.getFileName() + " is no unencrypted private key in PKCS #8: convert it with"
                    + " openssl pkcs8 -topk8 -nocrypt");
        }
        byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pem.group(1).startsWith("RSA") ? wrapped(der) : der);
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException another) {
                // The next one may know it.
            }
        }
        throw new IOException(file.getFileName() + " holds a key of an unknown kind");
    }

    private static byte[] wrapped(byte[] rsa) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.writeBytes(RSA_HEAD);
        inner.writeBytes(tagged(4, rsa));
        return tagged(0x30, inner.toByteArray());
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        out.writeBytes(new byte[] {(byte) 0x82, (byte) (content.length >> 8), (byte) content.length});
        out.writeBytes(content);
        return out.toByteArray();
    }
}
