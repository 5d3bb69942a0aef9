package dev.wherry.daemon.host.systemd;

import java.io.IOException;

/** A request that systemd refused. */
public final class SystemdException extends IOException {

    private static final long serialVersionUID = 1;

    private final String error;

    SystemdException(String error, String message) {
        super(message.isEmpty() ? error : message);
        this.error = error;
    }

    /** Whether there is a unit of that name already. */
    boolean isUnitExists() {
        return error.equals("org.freedesktop.systemd1.UnitExists");
    }
}
