package dev.wherry.daemon.build.source;

/** Told how much of something has come in. */
@FunctionalInterface
public interface Arrival {

    /** For what nobody watches. */
    Arrival UNSEEN = (item, current, total) -> {};

    /** @param total bytes in all; 0 when unknown */
    void moved(String item, long current, long total);
}
