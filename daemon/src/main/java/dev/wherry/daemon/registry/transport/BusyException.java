package dev.wherry.daemon.registry.transport;

import java.io.IOException;
import java.time.Duration;

/** A server cannot answer now: too many requests, or trouble of its own. Asking again later may help. */
public final class BusyException extends IOException {

    private static final long MAX_PAUSE_SECONDS = 20;

    private final Duration pause;

    public BusyException(RegistryResponse answer) {
        super(answer.status() == 429 ? "it limits our requests" : "it answers with status " + answer.status());
        this.pause = Duration.ofSeconds(answer.headers().firstValue("Retry-After").stream()
                .filter(value -> value.matches("[0-9]{1,9}"))
                .mapToLong(Long::parseLong)
                .map(seconds -> Math.min(seconds, MAX_PAUSE_SECONDS))
                .findFirst()
                .orElse(0));
    }

    /** How long it asks us to wait at least. */
    public Duration pause() {
        return pause;
    }
}
