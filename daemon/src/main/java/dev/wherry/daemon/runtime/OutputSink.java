package dev.wherry.daemon.runtime;

/**
 * Takes what a process writes, as it comes. Each stream's chunks arrive in order, but the two streams may arrive on two
 * threads at once. A chunk belongs to the receiver. A call that blocks holds the process back.
 */
public interface OutputSink {

    void stdout(byte[] chunk);

    void stderr(byte[] chunk);
}
