package dev.wherry.daemon.metadata;

import java.util.Collection;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * The disk space that objects of one kind take.
 *
 * @param objects how many there are
 * @param active how many of them are in use
 * @param bytes of all of them; what several share is counted once
 * @param reclaimable bytes that removing those that are not in use would free
 */
public record SpaceUse(int objects, int active, long bytes, long reclaimable) {

    /** Adds up objects that share nothing. */
    public static <T> SpaceUse of(Collection<T> objects, Predicate<T> isActive, ToLongFunction<T> size) {
        int active = 0;
        long bytes = 0;
        long reclaimable = 0;
        for (T object : objects) {
            boolean inUse = isActive.test(object);
            long own = size.applyAsLong(object);
            active += inUse ? 1 : 0;
            bytes += own;
            reclaimable += inUse ? 0 : own;
        }
        return new SpaceUse(objects.size(), active, bytes, reclaimable);
    }
}
