package dev.wherry.daemon.linux;

import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Users and groups of the host by their names, wherever the host keeps them (nsswitch.conf(5)): a directory service on
 * the network may answer slowly.
 */
public final class Accounts {

    /** Of pw_uid in struct passwd, and of gr_gid in struct group: after two pointers. */
    private static final int ID = 2 * Long.BYTES;

    /** The C library keeps one answer at a time. */
    private static final ReentrantLock LOOKUP = new ReentrantLock();

    private Accounts() {}

    /** The number of a user; empty when there is no such user. */
    public static OptionalInt user(String name) {
        return id(() -> LibC.C.getpwnam(terminated(name)));
    }

    /** The number of a group; empty when there is no such group. */
    public static OptionalInt group(String name) {
        return id(() -> LibC.C.getgrnam(terminated(name)));
    }

    private static OptionalInt id(Supplier<Pointer> lookup) {
        LOOKUP.lock();
        try {
            Pointer found = lookup.get();
            return found == null ? OptionalInt.empty() : OptionalInt.of(found.getInt(ID));
        } finally {
            LOOKUP.unlock();
        }
    }

    private static byte[] terminated(String name) {
        return (name + "\0").getBytes(StandardCharsets.UTF_8);
    }
}
