package dev.wherry.daemon.api.server;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why a handshake failed, in words for the daemon's log. */
final class HandshakeFailure {

    private HandshakeFailure() {}

    /** Empty when there is nothing to say: the client went away. */
    static Optional<String> reason(Throwable failure) {
        Optional<String> text = Optional.empty();
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            switch (cause) {
                case ClientTrust.RefusedPeerException refused -> {
                    return Optional.of(refused.getMessage());
                }
                case NotSslRecordException plain -> {
                    return Optional.of("it does not speak TLS");
                }
                case SslHandshakeTimeoutException late -> {
                    return Optional.of("its handshake took too long");
                }
                case SSLException tls -> text = Optional.of(words(String.valueOf(tls.getMessage())));
                default -> {}
            }
        }
        return text;
    }

    /** The JDK's exceptions differ in their messages alone. */
    private static String words(String message) {
        if (message.contains("Empty client certificate chain")) {
            return "it shows no certificate of a trusted authority";
        }
        if (message.contains("Client requested protocol") || message.contains("not accepted by server preferences")) {
            return "it does not speak TLS 1.3";
        }
        if (message.contains("Received fatal alert")) {
            return "it does not accept the daemon's certificate ("
                    + ClientTrust.printable(message.substring(message.indexOf("Received fatal alert"))) + ")";
        }
        return ClientTrust.printable(message);
    }
}
