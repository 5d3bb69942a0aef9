package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import java.util.List;

/**
 * A program to run in a root file system.
 *
 * @param args the program and its arguments; the program is looked up in the PATH of {@code env}
 * @param env "KEY=VALUE", in order, later ones win; PATH, HOME, HOSTNAME and, on a terminal, TERM are added when absent
 * @param workingDir absolute; empty for the root folder. Made when absent.
 * @param user "user[:group]" by name or number, resolved in the root file system's own {@code /etc/passwd} and
 *     {@code /etc/group}; empty for root
 * @param terminal whether it gets a pseudo-terminal
 * @param network its network namespace
 * @param hostname its host name; empty for the host's own
 * @param additions what it gets besides what every container has
 * @param options what only containers may ask for
 */
public record ContainerProcess(
        List<String> args,
        List<String> env,
        String workingDir,
        String user,
        boolean terminal,
        ProcessNetwork network,
        String hostname,
        ProcessAdditions additions,
        ContainerOptions options) {

    public ContainerProcess {
        args = List.copyOf(args);
        env = List.copyOf(env);
    }

    /** The step of a build. */
    public ContainerProcess(
            List<String> args,
            List<String> env,
            String workingDir,
            String user,
            boolean terminal,
            ProcessNetwork network,
            String hostname,
            ProcessAdditions additions) {
        this(args, env, workingDir, user, terminal, network, hostname, additions, ContainerOptions.DEFAULT);
    }

    /** A process that gets what every container has. */
    public ContainerProcess(
            List<String> args,
            List<String> env,
            String workingDir,
            String user,
            boolean terminal,
            NetworkMode network,
            String hostname) {
        this(args, env, workingDir, user, terminal, ProcessNetwork.of(network), hostname, ProcessAdditions.NONE);
    }
}
