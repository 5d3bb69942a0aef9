package dev.wherry.daemon.api.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells the log which connections were refused, and why. Whoever is refused can come again at any rate: in a minute
 * each address gets a few lines and all addresses together some more; the next minute begins with how many there were
 * besides.
 */
final class RefusalLog {

    static final int LINES_OF_ADDRESS = 5;
    static final int LINES = 30;

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> addresses = new HashMap<>();
    private final Consumer<String> log;
    private final LongSupplier clock;
    private long began;
    private int lines;
    private long untold;

    /** @param clock in nanoseconds */
    RefusalLog(Consumer<String> log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
        this.began = clock.getAsLong();
    }

    void refused(SocketAddress from, String reason) {
        String address = from instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(from);
        lock.lock();
        try {
            tellUntold();
            if (lines >= LINES || addresses.merge(address, 1, Integer::sum) > LINES_OF_ADDRESS) {
                untold++;
                return;
            }
            lines++;
        } finally {
            lock.unlock();
        }
        log.accept("refused a connection from " + address + ": " + reason);
    }

    /** Begins a new minute when the last one is over. */
    void tellUntold() {
        lock.lock();
        try {
            if (clock.getAsLong() - began < MINUTE) {
                return;
            }
            if (untold > 0) {
                log.accept("refused " + untold + " more connections");
            }
            began = clock.getAsLong();
            lines = 0;
            untold = 0;
            addresses.clear();
        } finally {
            lock.unlock();
        }
    }
}
