package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.copy.CopyRules;
import dev.wherry.daemon.builder.copy.ModeChange;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.explain.Facet;
import dev.wherry.daemon.builder.explain.Facet.Kind;
import dev.wherry.daemon.builder.explain.StepInputs;
import dev.wherry.daemon.builder.run.Sandbox;
import dev.wherry.daemon.content.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What vertices depend on, in the words of their instructions: the same things that {@link StepKeys} digests. */
public final class Facets {

    private Facets() {}

    public static StepInputs of(Vertex vertex) {
        return StepInputs.of(
                vertex.step().source(),
                switch (vertex) {
                    case Vertex.Scratch scratch -> List.of(Facet.of(Kind.BASE_IMAGE, "scratch"));
                    case Vertex.Base base -> List.of(image(base));
                    case Vertex.Fetched fetched -> List.of();
                    case Vertex.Context context -> List.of();
                    case Vertex.Workdir workdir ->
                        List.of(
                                Facet.of(Kind.WORKDIR, workdir.path()),
                                Facet.of(Kind.USER, workdir.user().isEmpty() ? "root" : workdir.user()));
                    case Vertex.Run run -> run(run);
                    case Vertex.Copy copy -> copy(copy);
                });
    }

    private static Facet image(Vertex.Base base) {
        return Facet.of(Kind.BASE_IMAGE, base.name() + "@" + base.image().manifest());
    }

    private static List<Facet> run(Vertex.Run run) {
        List<Facet> facets = new ArrayList<>();
        facets.add(Facet.of(Kind.COMMAND, command(run)));
        run.env()
                .forEach((name, value) -> facets.add(
                        Facet.variable(run.buildArgs().contains(name) ? Kind.BUILD_ARG : Kind.ENV, name, value)));
        facets.add(Facet.of(Kind.USER, run.user().isEmpty() ? "root" : run.user()));
        facets.add(Facet.of(Kind.WORKDIR, run.workingDir()));
        run.mounts().forEach(mount -> {
            Facet facet = mount(mount.mount());
            facets.add(facet);
            if (mount.from().orElse(null) instanceof Vertex.Base base && base.source()) {
                facets.add(image(base));
            }
        });
        Sandbox sandbox = run.sandbox();
        facets.add(Facet.of(Kind.NETWORK, sandbox.hostNetwork() ? "host" : "none"));
        option(facets, "--security", sandbox.insecure() ? "insecure" : "");
        sandbox.devices()
                .forEach(device -> option(facets, "--device", device.name() + (device.required() ? ",required" : "")));
        option(facets, "--add-host", String.join(" ", sandbox.hosts()));
        option(
                facets,
                "--shm-size",
                sandbox.shmBytes().isPresent() ? sandbox.shmBytes().getAsLong() + " B" : "");
        sandbox.limits()
                .forEach(limit -> option(facets, "--ulimit " + limit.name(), limit.soft() + ":" + limit.hard()));
        return facets;
    }

    /**
     * What the bind mounts of a RUN show.
     *
     * @param digests of it, in the order of the mounts
     */
    public static List<Facet> contents(Vertex.Run run, List<Digest> digests) {
        List<Facet> facets = new ArrayList<>();
        for (Vertex.Run.Mount mount : run.mounts()) {
            if (mount.mount() instanceof RunMount.Bind bind && facets.size() < digests.size()) {
                facets.add(Facet.of(
                        Kind.CONTENT, bind.source(), digests.get(facets.size()).toString()));
            }
        }
        return facets;
    }

    private static void option(List<Facet> facets, String name, String value) {
        if (!value.isEmpty()) {
            facets.add(Facet.of(Kind.OPTION, name, value));
        }
    }

    /** Of a secret only which it is, never what it says. */
    private static Facet mount(RunMount mount) {
        return switch (mount) {
            case RunMount.Bind bind ->
                Facet.of(
                        Kind.MOUNT,
                        bind.target(),
                        "bind of " + bind.source() + from(bind.from()) + rw(bind.writable()));
            case RunMount.Cache cache ->
                Facet.of(
                        Kind.MOUNT,
                        cache.target(),
                        "cache " + cache.id() + ", " + cache.sharing().name().toLowerCase(Locale.ROOT)
                                + from(cache.from()) + rw(!cache.readOnly()));
            case RunMount.Tmpfs tmpfs -> Facet.of(Kind.MOUNT, tmpfs.target(), "tmpfs");
            case RunMount.Secret secret ->
                Facet.of(
                        Kind.MOUNT,
                        "secret " + secret.id(),
                        "at " + secret.target().or(secret::env).orElse("the usual place"));
            case RunMount.Ssh ssh ->
                Facet.of(Kind.MOUNT, "ssh " + ssh.id(), "at " + ssh.target().orElse("the usual place"));
        };
    }

    private static String from(Optional<String> from) {
        return from.map(name -> " from " + name).orElse("");
    }

    private static String rw(boolean writable) {
        return writable ? ", writable" : ", read-only";
    }

    /** Without the shell that every command has; of a script what it says. */
    private static String command(Vertex.Run run) {
        if (run.script().isPresent()) {
            return run.script().get().body();
        }
        List<String> args = run.args();
        boolean usual =
                args.size() == 3 && args.get(0).equals("/bin/sh") && args.get(1).equals("-c");
        return usual ? args.get(2) : String.join(" ", args);
    }

    private static List<Facet> copy(Vertex.Copy copy) {
        List<Facet> facets = new ArrayList<>();
        copy.from().ifPresent(from -> {
            if (from instanceof Vertex.Base base && base.source()) {
                facets.add(image(base));
            }
        });
        facets.add(Facet.of(Kind.SOURCES, String.join(" ", copy.sources())));
        facets.add(Facet.of(Kind.DESTINATION, copy.destination()));
        facets.add(Facet.of(Kind.OWNER, owner(copy)));
        CopyRules rules = copy.rules();
        facets.add(Facet.of(Kind.MODE, rules.mode().map(ModeChange::text).orElse("as in the source")));
        if (!rules.excludes().isEmpty()) {
            facets.add(Facet.of(Kind.OPTION, "--exclude", String.join(" ", rules.excludes())));
        }
        if (rules.parents()) {
            facets.add(Facet.of(Kind.OPTION, "--parents", "true"));
        }
        if (rules.unpack()) {
            facets.add(Facet.of(Kind.OPTION, "--unpack", "true"));
        }
        return facets;
    }

    private static String owner(Vertex.Copy copy) {
        return copy.rules().owner().orElse(copy.from().isPresent() ? "as in the source" : "root");
    }
}
