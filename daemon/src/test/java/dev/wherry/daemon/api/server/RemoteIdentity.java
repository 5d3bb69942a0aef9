package dev.wherry.daemon.api.server;

import dev.wherry.daemon.pki.Authority;
import dev.wherry.daemon.pki.Subject;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** A folder with the three files that a client has, as the JDK takes them. */
record RemoteIdentity(Path folder) {

    static RemoteIdentity issued(Authority authority, Path parent, String name) {
        return issued(authority, parent, name, Duration.ofDays(365));
    }

    static RemoteIdentity issued(Authority authority, Path parent, String name, Duration life) {
        Path folder = parent.resolve(name);
        authority.issue(new Subject(name, "admin"), life, folder);
        return new RemoteIdentity(folder);
    }

    /** With the certificate, trusting the authority in the folder. */
    SSLContext tls() throws GeneralSecurityException, IOException {
        X509Certificate[] chain = certificates("cert.pem").toArray(X509Certificate[]::new);
        return tls(new KeyManager[] {new OneKey(key(), chain)});
    }

    /** Without the certificate. */
    SSLContext nameless() throws GeneralSecurityException, IOException {
        return tls(null);
    }

    /** Shown to every server, also to one that says it would not accept it. */
    private static final class OneKey extends X509ExtendedKeyManager {

        private final PrivateKey key;
        private final X509Certificate[] chain;

        OneKey(PrivateKey key, X509Certificate[] chain) {
            this.key = key;
            this.chain = chain;
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            return "key";
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return "key";
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"key"};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }
    }

    private SSLContext tls(KeyManager[] keys) throws GeneralSecurityException, IOException {
        KeyStore anchors = empty();
        for (Certificate authority : certificates("ca.pem")) {
            anchors.setCertificateEntry("ca" + anchors.size(), authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(anchors);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private PrivateKey key() throws GeneralSecurityException, IOException {
        String body = String.join(
                "",
                Files.readAllLines(folder.resolve("key.pem")).stream()
                        .filter(line -> !line.startsWith("-"))
                        .toList());
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    }

    private List<Certificate> certificates(String file) throws GeneralSecurityException, IOException {
        try (var in = Files.newInputStream(folder.resolve(file))) {
            return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
        }
    }
}
