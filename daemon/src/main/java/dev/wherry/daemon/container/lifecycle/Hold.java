package dev.wherry.daemon.container.lifecycle;

/** A container that neither starts nor is removed until this is closed: see {@link Lifecycle#hold}. */
public interface Hold extends AutoCloseable {
    @Override
    void close();
}
