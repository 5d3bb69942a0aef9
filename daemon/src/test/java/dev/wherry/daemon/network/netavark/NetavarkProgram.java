package dev.wherry.daemon.network.netavark;

import dev.wherry.daemon.metadata.Layout;

/** Netavark with the folders of a test. */
public final class NetavarkProgram {

    private NetavarkProgram() {}

    public static Netavark of(Layout layout) {
        return new Netavark(layout);
    }
}
