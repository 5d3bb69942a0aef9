package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.cache.Input.Kind;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.runtime.spec.ExtraHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** The inputs of a RUN, besides the content of what it mounts. */
final class RunInputs {

    private RunInputs() {}

    static List<Input> of(RunSpec run) {
        List<Input> inputs = new ArrayList<>();
        inputs.add(Input.of(Kind.INSTRUCTION, "RUN"));
        addCommand(inputs, run);
        // The order in which variables were set means nothing to a process.
        new TreeMap<>(run.env())
                .forEach((name, value) ->
                        inputs.add(Input.of(run.buildArgs().contains(name) ? Kind.BUILD_ARG : Kind.ENV, name, value)));
        inputs.add(Input.of(Kind.USER, run.user().isEmpty() ? "root" : Input.word(run.user(), "root")));
        inputs.add(Input.of(Kind.WORKDIR, run.workingDir()));
        run.mounts().forEach(mount -> inputs.add(mount(mount.mount())));
        addSandbox(inputs, run.sandbox());
        return inputs;
    }

    /** A script and the command of the usual shell are shown as text; any other command as words, and marked so. */
    private static void addCommand(List<Input> inputs, RunSpec run) {
        List<String> args = run.args();
        if (run.script().isPresent()) {
            inputs.add(Input.of(Kind.COMMAND, run.script().get().text()));
            inputs.add(Input.option("script", Input.word(run.script().get().name())));
            inputs.add(Input.option("command line", Input.words(args)));
        } else if (args.size() == 3
                && args.get(0).equals("/bin/sh")
                && args.get(1).equals("-c")) {
            inputs.add(Input.of(Kind.COMMAND, args.get(2)));
        } else {
            inputs.add(Input.of(Kind.COMMAND, Input.words(args)));
            inputs.add(Input.option("exec form", "true"));
        }
    }

    private static void addSandbox(List<Input> inputs, Sandbox sandbox) {
        inputs.add(Input.of(Kind.NETWORK, sandbox.network().toString()));
        if (sandbox.insecure()) {
            inputs.add(Input.option("security", "insecure"));
        }
        sandbox.devices()
                .forEach(device -> inputs.add(
                        Input.option("device", Input.word(device.name()) + (device.required() ? ", required" : ""))));
        if (!sandbox.hosts().isEmpty()) {
            inputs.add(Input.option(
                    "add-host",
                    Input.words(
                            sandbox.hosts().stream().map(ExtraHost::unresolved).toList())));
        }
        sandbox.shmBytes().ifPresent(bytes -> inputs.add(Input.option("shm-size", bytes + " B")));
        sandbox.limits()
                .forEach(
                        limit -> inputs.add(Input.option("ulimit " + limit.name(), limit.soft() + ":" + limit.hard())));
    }

    /** Of a secret only which one it is, never its value. */
    private static Input mount(RunMount mount) {
        return switch (mount) {
            case RunMount.Bind bind ->
                Input.of(Kind.MOUNT, bind.target(), "bind of " + Input.word(bind.source()) + access(bind.writable()));
            case RunMount.Cache cache ->
                Input.of(
                        Kind.MOUNT,
                        cache.target(),
                        "cache " + Input.word(cache.id()) + ", "
                                + cache.sharing().name().toLowerCase(Locale.ROOT)
                                + cache.from()
                                        .map(from -> " from " + Input.word(from))
                                        .orElse("")
                                + (cache.source().equals("/") ? "" : ", source " + Input.word(cache.source()))
                                + access(!cache.readOnly())
                                + owner(cache.owner(), 0755));
            case RunMount.Tmpfs tmpfs ->
                Input.of(
                        Kind.MOUNT,
                        tmpfs.target(),
                        tmpfs.size().isPresent() ? "tmpfs, " + tmpfs.size().getAsLong() + " B" : "tmpfs");
            case RunMount.Secret secret ->
                Input.of(
                        Kind.MOUNT,
                        "secret " + secret.id(),
                        target(secret.target())
                                + secret.env()
                                        .map(name -> ", variable " + Input.word(name))
                                        .orElse("")
                                + required(secret.required())
                                + owner(secret.owner(), 0400));
            case RunMount.Ssh ssh ->
                Input.of(
                        Kind.MOUNT,
                        "ssh " + ssh.id(),
                        target(ssh.target()) + required(ssh.required()) + owner(ssh.owner(), 0600));
        };
    }

    private static String target(Optional<String> target) {
        return "at " + target.map(Input::word).orElse("the usual place");
    }

    private static String access(boolean writable) {
        return writable ? ", writable" : ", read-only";
    }

    private static String required(boolean required) {
        return required ? ", required" : "";
    }

    /** @param usual the mode of a mount that names none */
    private static String owner(RunMount.Access owner, int usual) {
        return owner.equals(new RunMount.Access(usual, 0, 0))
                ? ""
                : ", owner %d:%d, mode %o".formatted(owner.uid(), owner.gid(), owner.mode());
    }
}
