package dev.wherry.cli.client;

import dev.wherry.cli.error.Failure;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS 1.3 with a certificate of both sides, by the JDK. */
final class ClientTls {
    private static final String TLS_1_3 = "TLSv1.3";
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA");
    private static final Pattern PEM_KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([A-Za-z0-9+/=\\s]*)-----END");

    private ClientTls() {}

    /** @throws Failure if a file cannot be used */
    static SslContext context(TlsFiles files) {
        X509Certificate[] authorities = certificates("CA", files.ca());
        X509Certificate[] chain = certificates("client certificate", files.cert());
        checkPeriod(chain[0], files.cert());
        try {
            SSLContext context = SSLContext.getInstance(TLS_1_3);
            KeyManager[] keys = {new ClientKey(key(files.key()), chain)};
            context.init(keys, trust(authorities).getTrustManagers(), null);
            return new JdkSslContext(
                    context,
                    true,
                    null,
                    SupportedCipherSuiteFilter.INSTANCE,
                    new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            "h2"),
                    ClientAuth.NONE,
                    new String[] {TLS_1_3},
                    false);
        } catch (GeneralSecurityException e) {
            throw Failure.of("cannot use " + files.cert() + " and " + files.key() + " for TLS: " + e.getMessage(), e);
        }
    }

    private static TrustManagerFactory trust(X509Certificate[] authorities) throws GeneralSecurityException {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                Arrays.stream(authorities)
                        .map(authority -> new TrustAnchor(authority, null))
                        .collect(Collectors.toSet()),
                null);
        parameters.setRevocationEnabled(false);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        return factory;
    }

    /** An expired certificate is reported before the server refuses it, since a server need not say why it refuses. */
    private static void checkPeriod(X509Certificate certificate, Path file) {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException e) {
            throw Failure.of("the client certificate " + file + " has expired", e);
        } catch (CertificateNotYetValidException e) {
            throw Failure.of("the client certificate " + file + " is not valid yet", e);
        }
    }

    private static X509Certificate[] certificates(String what, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            X509Certificate[] found = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            if (found.length > 0) {
                return found;
            }
        } catch (IOException e) {
            throw unreadable(what, file, e);
        } catch (CertificateException e) {
            throw Failure.of("the " + what + " " + file + " is not a certificate in PEM", e);
        }
        throw new Failure("the " + what + " " + file + " is not a certificate in PEM");
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException {
        Matcher pem = PEM_KEY.matcher(read(file));
        if (!pem.find()) {
            throw new Failure("the client key " + file + " is not a private key in PEM");
        }
        if (!pem.group(1).equals("PRIVATE KEY")) {
            throw new Failure("the client key " + file + " is in the form \"" + pem.group(1)
                    + "\": convert it by 'openssl pkcs8 -topk8 -nocrypt'");
        }
        PKCS8EncodedKeySpec encoded;
        try {
            encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(2)));
        } catch (IllegalArgumentException e) {
            throw Failure.of("the client key " + file + " is not a private key in PEM", e);
        }
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException ofAnotherAlgorithm) {
                // The next one may know it.
            }
        }
        throw new Failure("the client key " + file + " is neither an EC, an RSA nor an Ed25519 key");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw unreadable("client key", file, e);
        }
    }

    private static Failure unreadable(String what, Path file, IOException e) {
        return Failure.of("cannot read the " + what + ": " + CallFailures.sentence(e), e);
    }
}
