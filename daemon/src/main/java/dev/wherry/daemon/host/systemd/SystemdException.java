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
    public boolean isUnitExists() {
        return error.equals("org.freedesktop.systemd1.UnitExists");
    }

    /** Whether there is no unit of that name. */
    public boolean isNoSuchUnit() {
        return error.equals("org.freedesktop.systemd1.NoSuchUnit");
    }

    /** Whether the process has ended. */
    public boolean isNoSuchProcess() {
        return error.equals("org.freedesktop.DBus.Error.UnixProcessIdUnknown")
                || error.equals("System.Error.ESRCH")
                || getMessage().contains("No such process");
    }
}
