package dev.wherry.cli.client;

import dev.wherry.cli.client.HostAddress.Tcp;
import java.net.ConnectException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Puts into words why there is no connection to a TCP address. */
final class TcpFailures {
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

    private TcpFailures() {}

    /** The reason; empty if the connection was lost rather than refused. */
    static Optional<String> reason(Throwable thrown, Tcp address) {
        String ours = address.tls().map(files -> files.cert().toString()).orElse("");
        String ca = address.tls().map(files -> files.ca().toString()).orElse("");
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            Matcher alert = ALERT.matcher(message);
            if (alert.find()) {
                return Optional.of(refusal(alert.group(1), ours));
            }
            String reason = reason(cause, message, address, ca);
            if (reason != null) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }

    /** Whether one side does not accept the certificate of the other. */
    static boolean isRefusal(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException
                    || ALERT.matcher(String.valueOf(cause.getMessage())).find()) {
                return true;
            }
        }
        return false;
    }

    /** @return {@code null} if another exception of the chain may say more */
    private static String reason(Throwable cause, String message, Tcp address, String ca) {
        return switch (cause) {
            case CertificateExpiredException _ -> "the certificate of the server has expired";
            case CertificateNotYetValidException _ -> "the certificate of the server is not valid yet";
            case CertPathBuilderException _
            when cause.getCause() == null -> "the certificate of the server is not from the CA in " + ca;
            case CertificateException _
            when message.startsWith("No ") -> "the certificate of the server is not for the name " + address.host();
            case io.netty.handler.ssl.NotSslRecordException _ -> "the server does not speak TLS";
            case io.netty.handler.ssl.SslHandshakeTimeoutException _ -> "the server does not answer";
            case io.netty.channel.ConnectTimeoutException _ -> "the server does not answer";
            case java.net.UnknownHostException _ -> "there is no host of that name";
            case java.net.NoRouteToHostException _ -> "there is no route to the host";
            case ConnectException _ -> "connection refused: is wherryd running, and does it listen there?";
            case SSLException _ when cause.getCause() == null -> "TLS failed: " + message;
            default -> null;
        };
    }

    /**
     * What an alert of the server means (RFC 8446, section 6.2).
     *
     * @param certificate the file of the client's certificate
     */
    private static String refusal(String alert, String certificate) {
        return switch (alert) {
            case "certificate_revoked" -> "the certificate in " + certificate + " is revoked";
            case "certificate_expired" -> "the certificate in " + certificate + " has expired";
            case "unknown_ca" -> "the server does not trust the CA of the certificate in " + certificate;
            // The JDK says no more of a certificate that it does not trust, whatever the reason.
            case "certificate_unknown", "bad_certificate" ->
                "the server refuses the certificate in " + certificate
                        + ": it is revoked, or not from a CA that the server trusts";
            case "certificate_required" -> "the server needs a certificate of the client";
            case "protocol_version" -> "the server does not speak TLS 1.3";
            default -> "the server refuses TLS with the certificate in " + certificate + " (" + alert + ")";
        };
    }
}
