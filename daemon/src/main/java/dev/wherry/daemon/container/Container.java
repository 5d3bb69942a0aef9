package dev.wherry.daemon.container;

import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A container as it stood at one moment.
 *
 * @param id 64 lower-case hexadecimal digits
 * @param name unique among containers
 * @param image digest of the image's config
 * @param settings what was asked for, completed by the image
 * @param snapshot its writable file system
 * @param status where it stands in its life
 */
public record Container(
        String id,
        String name,
        Digest image,
        ContainerSettings settings,
        Optional<SnapshotId> snapshot,
        Instant createdAt,
        Status status) {

    /** The first twelve digits of the ID, as shown to people. */
    public String shortId() {
        return id.substring(0, 12);
    }

    public State state() {
        return status.state();
    }

    /** Of its first process as the host sees it; 0 when it does not run. */
    public int pid() {
        return status.pid();
    }

    /** Of its last run. */
    public int exitCode() {
        return status.exitCode();
    }

    /** Why its last run could not start or how it was lost; empty otherwise. */
    public String error() {
        return status.error();
    }

    /** Empty when it never ran. */
    public Optional<Instant> startedAt() {
        return status.startedAt();
    }

    /** Empty when it never stopped, or runs. */
    public Optional<Instant> finishedAt() {
        return status.finishedAt();
    }

    /** The boot that it ran in last. */
    public String bootId() {
        return status.bootId();
    }

    /** How often its restart policy has started it since somebody did. */
    public int restarts() {
        return status.restarts();
    }

    /** Empty when it has no health check, or never ran. */
    public Optional<Health> health() {
        return status.health();
    }

    public Container with(Status next) {
        return new Container(id, name, image, settings, snapshot, createdAt, next);
    }

    public Container with(ContainerSettings next) {
        return new Container(id, name, image, next, snapshot, createdAt, status);
    }

    public Container named(String next) {
        return new Container(id, next, image, settings, snapshot, createdAt, status);
    }

    // Containers are compared by those who look for a change: by what can differ.
    @Override
    public boolean equals(Object other) {
        return other instanceof Container that
                && id.equals(that.id)
                && name.equals(that.name)
                && settings.equals(that.settings)
                && status.equals(that.status);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, name);
    }
}
