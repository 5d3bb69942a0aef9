package dev.wherry.daemon.api.server;

import dev.wherry.daemon.error.InvalidInputException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.X509KeyManager;

/**
 * What {@link TlsFiles} held when they were read, checked as a whole: the key is the certificate's, and each list of
 * revocations is signed by one of the authorities.
 *
 * @param expiries what expires, and when
 */
record TlsMaterial(PemKeyCertOptions key, ClientTrust trust, List<Expiry> expiries) {

    /** So long before something expires, people are told. */
    private static final Duration NOTICE = Duration.ofDays(30);

    /** One thing that is good for a time. */
    record Expiry(TlsPart part, Path file, Instant end) {

        String sentence(Instant now) {
            return part.title() + " in " + file + (end.isAfter(now) ? " expires on " : " has expired on ")
                    + end.toString().substring(0, 10);
        }
    }

    /** @throws InvalidInputException when a file is not there or not what it should be */
    static TlsMaterial load(TlsFiles files, Vertx vertx) {
        List<X509Certificate> authorities = certificates(files.authorities());
        List<X509Certificate> chain = certificates(files.certificate());
        PemKeyCertOptions key = new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(TlsFiles.read(files.certificate())))
                .setKeyValue(Buffer.buffer(TlsFiles.read(files.key())));
        checkKey(key, chain.getFirst(), files, vertx);
        List<Expiry> expiries = new ArrayList<>();
        expiries.add(expiry(TlsPart.CERTIFICATE, files.certificate(), chain.getFirst()));
        authorities.forEach(one -> expiries.add(expiry(TlsPart.AUTHORITY, files.authorities(), one)));
        List<X509CRL> revocations = new ArrayList<>();
        files.revocationsToRead().ifPresent(file -> {
            for (X509CRL list : revocations(file)) {
                checkSigned(list, authorities, files);
                revocations.add(list);
                if (list.getNextUpdate() != null) {
                    expiries.add(new Expiry(
                            TlsPart.REVOCATIONS, file, list.getNextUpdate().toInstant()));
                }
            }
        });
        try {
            return new TlsMaterial(key, new ClientTrust(authorities, revocations), List.copyOf(expiries));
        } catch (GeneralSecurityException failure) {
            throw new InvalidInputException(files.authorities() + " cannot be used: " + failure.getMessage(), failure);
        }
    }

    /** A sentence for each thing that has expired or will soon. */
    List<String> expiring(Instant now) {
        return expiries.stream()
                .filter(one -> one.end().isBefore(now.plus(NOTICE)))
                .map(one -> one.sentence(now))
                .distinct()
                .toList();
    }

    private static Expiry expiry(TlsPart part, Path file, X509Certificate certificate) {
        return new Expiry(part, file, certificate.getNotAfter().toInstant());
    }

    private static List<X509Certificate> certificates(Path file) {
        try {
            List<X509Certificate> all =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(TlsFiles.read(file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (all.isEmpty()) {
                throw new InvalidInputException(file + " holds no certificate");
            }
            return all;
        } catch (GeneralSecurityException malformed) {
            throw new InvalidInputException(
                    file + " does not hold certificates in PEM: " + malformed.getMessage(), malformed);
        }
    }

    private static List<X509CRL> revocations(Path file) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCRLs(new ByteArrayInputStream(TlsFiles.read(file)))
                    .stream()
                    .map(X509CRL.class::cast)
                    .toList();
        } catch (GeneralSecurityException malformed) {
            throw new InvalidInputException(
                    file + " does not hold lists of revocations in PEM: " + malformed.getMessage(), malformed);
        }
    }

    private static void checkSigned(X509CRL list, List<X509Certificate> authorities, TlsFiles files) {
        for (X509Certificate authority : authorities) {
            try {
                list.verify(authority.getPublicKey());
                return;
            } catch (GeneralSecurityException another) {
                // perhaps the next one
            }
        }
        throw new InvalidInputException(
                files.revocations() + " is signed by none of the authorities in " + files.authorities());
    }

    private static void checkKey(PemKeyCertOptions options, X509Certificate certificate, TlsFiles files, Vertx vertx) {
        PublicKey open = certificate.getPublicKey();
        String algorithm = switch (open.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> open.getAlgorithm();
        };
        try {
            byte[] content = {1, 2, 3};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key(options, open.getAlgorithm(), vertx));
            signature.update(content);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(content);
            if (!signature.verify(signed)) {
                throw new InvalidInputException(
                        "the key in " + files.key() + " is not that of the certificate in " + files.certificate());
            }
        } catch (InvalidInputException mistake) {
            throw mistake;
        } catch (Exception failure) {
            throw new InvalidInputException(
                    "the key in " + files.key() + " does not fit the certificate in " + files.certificate() + ": "
                            + failure.getMessage(),
                    failure);
        }
    }

    private static PrivateKey key(PemKeyCertOptions options, String algorithm, Vertx vertx) throws Exception {
        return Stream.of(options.getKeyManagerFactory(vertx).getKeyManagers())
                .filter(X509KeyManager.class::isInstance)
                .map(X509KeyManager.class::cast)
                .flatMap(manager -> Stream.ofNullable(manager.getServerAliases(algorithm, null))
                        .flatMap(Stream::of)
                        .map(manager::getPrivateKey))
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("it is of another kind"));
    }
}
