package dev.wherry.daemon.container.exec;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.error.InvalidInputException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Objects;

/**
 * The options of an additional process in a container. Stored as JSON while the process runs.
 *
 * @param args the program and its arguments
 * @param env "KEY=VALUE", in order, later ones win; added to the container's
 * @param workingDir absolute; empty for the container's
 * @param user "user[:group]"; empty for the container's
 * @param tty whether the process gets a terminal
 * @param stdin whether the process gets a standard input
 * @param attached whether a client attaches to the streams; the output is lost otherwise
 * @param privileged whether the process gets all capabilities
 * @param detachKeys by which a client that asked for them leaves the terminal; empty for docker's own
 * @param columns of the terminal at its start; 0 when they are not known
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record ExecConfig(
        List<String> args,
        List<String> env,
        String workingDir,
        String user,
        boolean tty,
        boolean stdin,
        boolean attached,
        boolean privileged,
        int columns,
        int rows,
        String detachKeys) {

    /** @throws InvalidInputException when there is no program, or the working directory is not absolute */
    public ExecConfig {
        args = List.copyOf(args);
        env = List.copyOf(env);
        detachKeys = Objects.requireNonNullElse(detachKeys, "");
        if (args.isEmpty() || args.getFirst().isEmpty()) {
            throw new InvalidInputException("no exec command specified: name a program to run").in("options.args");
        }
        if (!workingDir.isEmpty() && !workingDir.startsWith("/")) {
            throw new InvalidInputException(
                            "the working directory \"" + workingDir + "\" is not absolute: begin it with \"/\"")
                    .in("options.working_dir");
        }
    }

    /** The same, in a terminal of another size. */
    public ExecConfig sized(int nextColumns, int nextRows) {
        return new ExecConfig(
                args, env, workingDir, user, tty, stdin, attached, privileged, nextColumns, nextRows, detachKeys);
    }

    /** The same, with nothing to read and nobody who reads its output. */
    public ExecConfig detached() {
        return new ExecConfig(args, env, workingDir, user, tty, false, false, privileged, columns, rows, detachKeys);
    }

    /** A program that runs as the container does, with nothing to read, whose output somebody reads. */
    public static ExecConfig of(List<String> args) {
        return new ExecConfig(args, List.of(), "", "", false, false, true, false, 0, 0, "");
    }
}
