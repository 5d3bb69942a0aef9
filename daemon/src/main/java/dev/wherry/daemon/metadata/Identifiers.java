package dev.wherry.daemon.metadata;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Identifiers that nobody can guess and that are never given twice. */
public final class Identifiers {

    private static final int BYTES = 32;

    private Identifiers() {}

    /** A new one: 64 hexadecimal digits. */
    public static String make() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
