package dev.wherry.daemon.api.grpc;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Times as the API carries them: nanoseconds since 1970, 0 for none. */
public final class Times {

    private Times() {}

    public static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    public static long nanos(Optional<Instant> instant) {
        return instant.map(Times::nanos).orElse(0L);
    }

    static Optional<Instant> instant(long nanos) {
        return nanos == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(0, nanos));
    }
}
