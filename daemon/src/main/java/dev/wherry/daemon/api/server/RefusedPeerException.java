package dev.wherry.daemon.api.server;

import java.security.cert.CertificateException;

/** A client's certificate is not accepted. The message is for the daemon's log; the client gets an alert of TLS. */
final class RefusedPeerException extends CertificateException {

    RefusedPeerException(String message) {
        super(message);
    }

    RefusedPeerException(String message, Throwable cause) {
        super(message, cause);
    }
}
