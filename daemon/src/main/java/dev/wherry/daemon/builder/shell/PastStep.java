package dev.wherry.daemon.builder.shell;

import dev.wherry.daemon.snapshot.SnapshotId;
import java.util.List;
import java.util.Optional;

/**
 * A file system that a step of an earlier build left or found, and what a process in it gets.
 *
 * @param title says in words what it is
 * @param snapshot empty for a file system without files
 * @param env "KEY=VALUE"; without values that the history does not keep
 * @param user empty for root
 * @param shell the program that ran the commands of the stage, as far as it is known
 */
public record PastStep(
        String title, Optional<SnapshotId> snapshot, List<String> env, String workingDir, String user, String shell) {

    public PastStep {
        env = List.copyOf(env);
    }
}
