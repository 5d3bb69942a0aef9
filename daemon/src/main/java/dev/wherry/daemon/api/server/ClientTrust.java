package dev.wherry.daemon.api.server;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;

/**
 * Which certificates of clients are accepted: those that lead to one of the authorities by the JDK's rules, are for
 * clients, are valid now, and are not revoked. A list of revocations that has expired accepts nobody of its authority,
 * since it may lack the last revocations.
 */
final class ClientTrust extends X509ExtendedTrustManager {

    private static final int SHOWN = 200;

    /** A client's certificate is not accepted. The message is for the daemon's log; the client gets an alert of TLS. */
    static final class RefusedPeerException extends CertificateException {

        RefusedPeerException(String message) {
            super(message);
        }

        RefusedPeerException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final X509ExtendedTrustManager chains;
    private final List<X509CRL> revocations;

    ClientTrust(List<X509Certificate> authorities, List<X509CRL> revocations) throws GeneralSecurityException {
        this.revocations = List.copyOf(revocations);
        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            anchors.load(null, null);
        } catch (java.io.IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        for (int i = 0; i < authorities.size(); i++) {
            anchors.setCertificateEntry("ca" + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(anchors);
        this.chains = Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private void check(X509Certificate[] chain, Check byTheJdk) throws CertificateException {
        String who = chain.length == 0 ? "nobody" : describe(chain[0]);
        try {
            byTheJdk.run();
        } catch (CertificateException refusal) {
            throw new RefusedPeerException("the certificate of " + who + " " + reason(refusal, chain), refusal);
        }
        for (X509Certificate certificate : chain) {
            check(certificate);
        }
    }

    /** What can change while a certificate is in use: that it expires or is revoked. */
    void check(X509Certificate certificate) throws CertificateException {
        String who = describe(certificate);
        try {
            certificate.checkValidity();
        } catch (CertificateException invalid) {
            throw new RefusedPeerException(
                    "the certificate of " + who + " " + reason(invalid, new X509Certificate[] {certificate}), invalid);
        }
        for (X509CRL list : revocations) {
            if (!list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())) {
                continue;
            }
            if (list.getNextUpdate() != null && list.getNextUpdate().before(new Date())) {
                throw new RefusedPeerException("the certificate of " + who
                        + " may be revoked: the list of revocations has expired on "
                        + day(list.getNextUpdate()));
            }
            if (list.isRevoked(certificate)) {
                throw new RefusedPeerException("the certificate of " + who + " is revoked");
            }
        }
    }

    static String describe(X509Certificate certificate) {
        return printable(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253)) + " (serial number "
                + certificate.getSerialNumber().toString(16) + ")";
    }

    /** Whoever is refused may have chosen a text: it must not write lines of its own into the log. */
    static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "...";
    }

    private static String reason(CertificateException refusal, X509Certificate[] chain) {
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return "has expired on " + day(chain[0].getNotAfter());
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "is not valid before " + day(chain[0].getNotBefore());
            }
        }
        String message = String.valueOf(refusal.getMessage());
        return message.contains("Extended key usage")
                ? "is not for clients"
                : message.contains("unable to find valid certification path")
                                || message.contains("path building failed")
                        ? "is of no authority that is trusted"
                        : "is not accepted: " + printable(message);
    }

    private static String day(Date date) {
        return Instant.ofEpochMilli(date.getTime()).toString().substring(0, 10);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain, () -> chains.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain, () -> chains.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, () -> chains.checkClientTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("these are the authorities of clients");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("these are the authorities of clients");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("these are the authorities of clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }
}
