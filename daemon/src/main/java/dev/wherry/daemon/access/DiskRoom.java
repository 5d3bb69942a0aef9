package dev.wherry.daemon.access;

import dev.wherry.daemon.error.ExhaustedException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds what everything in this daemon's namespace takes on disk. Who is about to store something asks first ({@link
 * #require}); what is being stored then may exceed the bound, which the next one learns. Files that containers write to
 * volumes and to their own files grow without asking.
 */
public final class DiskRoom {

    /** What is stored, and what of it can go. */
    public interface Use {

        /** Bytes, from what is known already: it is asked for often. */
        long known();

        /** Bytes as they are; files are counted. */
        long measured();

        /**
         * Removes what can be made again.
         *
         * @param bytes how many it should be
         */
        void reclaim(long bytes);
    }

    private static volatile DiskRoom current = new DiskRoom("", 0, null);

    private final ReentrantLock lock = new ReentrantLock();
    private final String whose;
    private final long most;
    private final Use use;

    /** @param most bytes; 0 for any number */
    DiskRoom(String whose, long most, Use use) {
        this.whose = whose;
        this.most = most;
        this.use = use;
    }

    /** From now on these settings bound this use. */
    public static void bound(AccessSettings settings, Use use) {
        current = new DiskRoom(settings.namespace().map(NamespaceName::text).orElse(""), settings.disk(), use);
    }

    /** Bytes that may be stored; 0 for any number. */
    public static long most() {
        return current.most;
    }

    /**
     * There is room for more.
     *
     * @throws ExhaustedException when there is none, also without what can be made again
     */
    public static void require() {
        current.check();
    }

    void check() {
        if (most == 0 || use.known() <= most) {
            return;
        }
        // One cleans up for all.
        lock.lock();
        try {
            long used = use.measured();
            if (used > most) {
                use.reclaim(used - most);
                used = use.measured();
            }
            if (used > most) {
                throw new ExhaustedException("disk quota: the namespace " + whose + " may take " + SizeText.text(most)
                        + ", and takes " + SizeText.text(used)
                        + ": remove images, containers or volumes (wherry system df shows them)");
            }
        } finally {
            lock.unlock();
        }
    }
}
