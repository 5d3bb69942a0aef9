package dev.wherry.daemon.snapshot;

/** Names a snapshot within this daemon; also the name of its folder. */
public record SnapshotId(long value) {

    // Written out: those that a record comes with are interpreted in a native executable.
    @Override
    public boolean equals(Object other) {
        return other instanceof SnapshotId that && value == that.value;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
