package dev.wherry.daemon.api.server;

import java.util.Locale;

/** What of TLS is good for a time only. */
public enum TlsPart {
    CERTIFICATE("the daemon's certificate"),
    AUTHORITY("the authority's certificate"),
    REVOCATIONS("the list of revocations");

    private final String title;

    TlsPart(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** As a label of metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
