package dev.wherry.daemon.builder.source;

/** Told how much of something has come in. */
@FunctionalInterface
public interface TransferListener {

    /** For what nobody watches. */
    TransferListener UNSEEN = (item, current, total) -> {};

    /** @param total bytes in all; 0 when unknown */
    void moved(String item, long current, long total);
}
