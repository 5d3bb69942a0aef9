package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.cache.CacheMounts;
import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.context.ImagePaths;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.Operation.Preparation;
import dev.wherry.daemon.builder.solver.Solved;
import dev.wherry.daemon.builder.solver.StepRun;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Fingerprint;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.RootedPath;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one RUN has mounted while it runs. Caches are taken first and in an order that is the same for all steps, so that
 * two that want each other's never wait for ever.
 */
final class RunMounts implements AutoCloseable {

    private final BindSources sources;
    private final CacheMounts caches;
    private final ClientMounts fromClient;
    private final RunSpec run;
    private final Step step;
    private final Map<RunSpec.Mount, Optional<Solved>> from = new IdentityHashMap<>();
    private final Map<Digest, Path> taken = new HashMap<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<ExtraMount> mounts = new ArrayList<>();

    RunMounts(BindSources sources, CacheMounts caches, BuildClient client, RunSpec run, Preparation step) {
        this.sources = sources;
        this.caches = caches;
        this.fromClient = new ClientMounts(client, step.step());
        this.run = run;
        this.step = step.step();
        int next = 0;
        for (RunSpec.Mount mount : run.mounts()) {
            from.put(mount, mount.isFromResult() ? Optional.of(step.sources().get(next++)) : Optional.empty());
        }
    }

    /** What the bind mounts show, by digest. */
    List<Input> contents() {
        List<Input> contents = new ArrayList<>();
        for (RunSpec.Mount mount : run.mounts()) {
            if (mount.mount() instanceof RunMount.Bind bind) {
                Digest content = sources.content(bind.source(), from.get(mount), step);
                contents.add(Input.of(Input.Kind.CONTENT, bind.source(), content.toString()));
            }
        }
        return contents;
    }

    /** Whether the step needs what only this build has: its context, its sources, its client. */
    boolean bound() {
        return run.mounts().stream()
                .anyMatch(mount -> !(mount.mount() instanceof RunMount.Cache || mount.mount() instanceof RunMount.Tmpfs)
                        || mount.isFromResult());
    }

    /** Makes everything available; what it was given back for is closed with this. */
    List<ExtraMount> open(StepRun performed) {
        open.push(fromClient);
        takeCaches();
        for (RunSpec.Mount mount : run.mounts()) {
            switch (mount.mount()) {
                case RunMount.Bind bind -> mounts.add(bind(bind, from.get(mount), performed));
                case RunMount.Cache cache ->
                    mounts.add(new ExtraMount.Bind(
                            taken.get(key(cache, from.get(mount))), target(cache.target()), false, cache.readOnly()));
                case RunMount.Tmpfs tmpfs -> mounts.add(new ExtraMount.Tmpfs(target(tmpfs.target()), tmpfs.size()));
                case RunMount.Secret secret ->
                    fromClient.add(secret, this::target).ifPresent(mounts::add);
                case RunMount.Ssh ssh ->
                    fromClient.add(ssh, sources.newSocket(), this::target).ifPresent(mounts::add);
            }
        }
        return mounts;
    }

    /** Variables that are secret, as "KEY=VALUE"; known once it is open. */
    List<String> secretEnv() {
        return fromClient.secretEnv();
    }

    /** The variable that leads to an SSH agent; known once it is open. */
    Optional<String> agentVariable() {
        return fromClient.agentVariable();
    }

    private String target(String target) {
        return ImagePaths.absolute(run.workingDir(), target);
    }

    private void takeCaches() {
        record Wanted(RunMount.Cache cache, Digest key, Optional<Solved> from) {}
        List<Wanted> wanted = new ArrayList<>();
        for (RunSpec.Mount mount : run.mounts()) {
            if (mount.mount() instanceof RunMount.Cache cache) {
                wanted.add(new Wanted(cache, key(cache, from.get(mount)), from.get(mount)));
            }
        }
        wanted.sort(Comparator.comparing(one -> one.key().toString()));
        try {
            for (Wanted one : wanted) {
                if (!taken.containsKey(one.key())) {
                    CacheMounts.Use use = caches.acquire(
                            one.key(),
                            one.cache().id(),
                            one.cache().sharing(),
                            empty -> new CacheFilling(sources, one.cache(), one.from(), step).fill(empty));
                    open.push(use);
                    taken.put(one.key(), use.directory());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled");
        }
    }

    /** Caches of one name that began differently are different ones. */
    private static Digest key(RunMount.Cache cache, Optional<Solved> from) {
        return new Fingerprint("cache mount")
                .add(ImagePaths.absolute("/", cache.id()))
                .add(from.map(solved -> solved.key().value().toString()).orElse(""))
                .add(cache.source())
                .add(cache.owner().mode())
                .add(cache.owner().uid())
                .add(cache.owner().gid())
                .digest();
    }

    private ExtraMount bind(RunMount.Bind bind, Optional<Solved> from, StepRun performed) {
        Path target = Path.of(target(bind.target()));
        List<RunSpec.Mount> within = run.mounts().stream()
                .filter(other -> other.mount()
                        .place()
                        .map(text -> Path.of(target(text)))
                        .filter(path -> path.startsWith(target) && !path.equals(target))
                        .isPresent())
                .toList();
        // The places of mounts within this one may have to be made in it.
        BindSources.Opened opened =
                sources.open(bind.source(), from, bind.writable() || !within.isEmpty(), step, performed.lease());
        open.push(opened.below());
        for (RunSpec.Mount other : within) {
            makeMountPoint(opened.path(), target, other.mount());
        }
        return new ExtraMount.Bind(opened.path(), target.toString(), opened.isFile(), !bind.writable());
    }

    private void makeMountPoint(Path root, Path target, RunMount mount) {
        Path relative = target.relativize(Path.of(target(mount.place().orElseThrow())));
        boolean isFile = mount instanceof RunMount.Secret || mount instanceof RunMount.Ssh;
        try {
            RootedPath rooted = new RootedPath(root);
            if (!isFile) {
                rooted.createDirectories(relative, 0755, 0, 0);
            } else if (Inodes.find(rooted.resolve(relative)).isEmpty()) {
                Path parent = relative.getParent();
                if (parent != null) {
                    rooted.createDirectories(parent, 0755, 0, 0);
                }
                Files.createFile(rooted.resolve(relative));
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot make the mount point " + target.resolve(relative), failure);
        }
    }

    @Override
    public void close() {
        RuntimeException failed = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (RuntimeException failure) {
                failed = failure;
            } catch (Exception failure) {
                failed = new HostException("cannot unmount what a step had: " + failure.getMessage(), failure);
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
