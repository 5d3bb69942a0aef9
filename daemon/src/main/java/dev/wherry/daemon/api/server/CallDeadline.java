package dev.wherry.daemon.api.server;

import io.grpc.Metadata;
import io.grpc.Status;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The deadline of a call. A client ends its call at the deadline by itself, if it can: one that has hung, or that is behind
 * a broken network, would keep the daemon at work.
 */
final class CallDeadline {

    static final Status OVER = Status.DEADLINE_EXCEEDED.withDescription("the deadline of the call is over");

    /** How long the client waits, as the gRPC protocol writes it: up to eight digits and a unit. */
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

    private static final Duration NEVER = Duration.ofDays(365);

    private final Vertx vertx;
    private final OptionalLong timer;
    private volatile boolean over;

    private CallDeadline(Vertx vertx, Optional<Duration> time, Runnable expire) {
        this.vertx = vertx;
        this.timer = time.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(vertx.setTimer(Math.max(1, time.get().toMillis()), _ -> {
                    over = true;
                    expire.run();
                }));
    }

    /** @param expire runs at the deadline, unless the call has ended */
    static CallDeadline begin(Vertx vertx, Metadata headers, Runnable expire) {
        return new CallDeadline(vertx, time(headers.get(HEADER)), expire);
    }

    /** Empty for none, for one in more than a year, and for a malformed one. */
    static Optional<Duration> time(String header) {
        if (header == null || !header.matches("[0-9]{1,8}[HMSmun]")) {
            return Optional.empty();
        }
        long amount = Long.parseLong(header, 0, header.length() - 1, 10);
        Duration time = switch (header.charAt(header.length() - 1)) {
            case 'H' -> Duration.ofHours(amount);
            case 'M' -> Duration.ofMinutes(amount);
            case 'S' -> Duration.ofSeconds(amount);
            case 'm' -> Duration.ofMillis(amount);
            case 'u' -> Duration.ofNanos(amount * 1000);
            default -> Duration.ofNanos(amount);
        };
        return Optional.of(time).filter(some -> some.compareTo(NEVER) < 0);
    }

    boolean isOver() {
        return over;
    }

    /** The call has ended. */
    void end() {
        timer.ifPresent(vertx::cancelTimer);
    }
}
