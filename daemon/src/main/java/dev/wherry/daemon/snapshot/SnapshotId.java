package dev.wherry.daemon.snapshot;

/** Names a snapshot within this daemon; also the name of its folder. */
public record SnapshotId(long value) {

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
