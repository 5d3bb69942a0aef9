package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.Fingerprint;
import dev.wherry.daemon.builder.copy.ModeChange;
import dev.wherry.daemon.builder.copy.Owner;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.run.Sandbox;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Image;
import java.util.List;
import java.util.Optional;

/** The cache keys of vertices: what a step is, the key of its parent, and what it reads. */
public final class StepKeys {

    private StepKeys() {}

    static Digest scratch() {
        return new Fingerprint("scratch").digest();
    }

    /** A base image is its layers: how it came here does not matter. */
    static Digest base(Image image) {
        Fingerprint fingerprint = new Fingerprint("base");
        image.config().rootfs().diffIds().forEach(fingerprint::add);
        return fingerprint.digest();
    }

    public static CacheKey of(Vertex.Workdir workdir, CacheKey parent) {
        return alone(new Fingerprint("workdir")
                .add(parent.value())
                .add(workdir.path())
                .add(workdir.user()));
    }

    /** @param contents digests of the files that its bind mounts show, in their order */
    public static CacheKey of(Vertex.Run run, CacheKey parent, List<Digest> contents) {
        Fingerprint fingerprint = new Fingerprint("run")
                .add(parent.value())
                .add(run.args())
                .add(run.env())
                .add(run.workingDir())
                .add(run.user());
        run.script()
                .ifPresent(
                        script -> fingerprint.add("script").add(script.name()).add(script.body()));
        run.mounts().forEach(mount -> add(fingerprint, mount.mount()));
        Sandbox sandbox = run.sandbox();
        fingerprint
                .add(sandbox.hostNetwork() ? "host" : "none")
                .add(sandbox.insecure() ? "insecure" : "sandbox")
                .add(sandbox.hosts())
                .add(sandbox.shmBytes().orElse(-1));
        sandbox.devices()
                .forEach(device -> fingerprint.add("device").add(device.name()).add(device.required() ? 1 : 0));
        sandbox.limits()
                .forEach(
                        limit -> fingerprint.add(limit.name()).add(limit.soft()).add(limit.hard()));
        Digest definition = fingerprint.digest();
        if (contents.isEmpty()) {
            return new CacheKey(definition, definition);
        }
        Fingerprint files = new Fingerprint("mounted").add(definition);
        contents.forEach(files::add);
        return new CacheKey(files.digest(), definition);
    }

    /** What a mount is, never what is in it: that of a bind mount is added by its digest. */
    private static void add(Fingerprint fingerprint, RunMount mount) {
        switch (mount) {
            case RunMount.Bind bind ->
                fingerprint.add("bind").add(bind.target()).add(bind.source()).add(bind.writable() ? "rw" : "ro");
            case RunMount.Cache cache ->
                fingerprint
                        .add("cache")
                        .add(cache.target())
                        .add(cache.id())
                        .add(cache.readOnly() ? "ro" : "rw")
                        .add(cache.sharing().name())
                        .add(cache.from().orElse(""))
                        .add(cache.source())
                        .add(cache.owner().toString());
            case RunMount.Tmpfs tmpfs ->
                fingerprint.add("tmpfs").add(tmpfs.target()).add(tmpfs.size().orElse(-1));
            case RunMount.Secret secret ->
                fingerprint
                        .add("secret")
                        .add(secret.id())
                        .add(secret.target().orElse(""))
                        .add(secret.env().orElse(""))
                        .add(secret.required() ? "required" : "")
                        .add(secret.owner().toString());
            case RunMount.Ssh ssh ->
                fingerprint
                        .add("ssh")
                        .add(ssh.id())
                        .add(ssh.target().orElse(""))
                        .add(ssh.required() ? "required" : "")
                        .add(ssh.owner().toString());
        }
    }

    /** @param content digest of the files that the step reads */
    public static CacheKey of(Vertex.Copy copy, CacheKey parent, Digest content) {
        return withFiles(
                copying(copy).add(parent.value()).add(copy.rules().owner().orElse("")), content);
    }

    /**
     * What identifies the layer of a copy with {@code --link}, whatever is below it.
     *
     * @param owner by number, since names mean something else elsewhere
     */
    public static CacheKey ofLayer(Vertex.Copy copy, Optional<Owner> owner, Digest content) {
        return withFiles(
                copying(copy)
                        .add("layer")
                        .add(owner.map(Owner::uid).orElse(-1))
                        .add(owner.map(Owner::gid).orElse(-1)),
                content);
    }

    private static Fingerprint copying(Vertex.Copy copy) {
        Fingerprint fingerprint = new Fingerprint(copy.add() ? "add" : "copy")
                .add(copy.sources())
                .add(copy.destination())
                .add(copy.rules().mode().map(ModeChange::text).orElse(""))
                .add(copy.rules().excludes())
                .add(copy.rules().parents() ? 1 : 0)
                .add(copy.rules().link() ? 1 : 0)
                .add(copy.rules().unpack() ? 1 : 0)
                .add(copy.documents().size());
        copy.documents().forEach(document -> fingerprint.add(document.name()).add(document.text()));
        return fingerprint;
    }

    private static CacheKey withFiles(Fingerprint copying, Digest content) {
        Digest definition = copying.digest();
        return new CacheKey(
                new Fingerprint("files").add(definition).add(content).digest(), definition);
    }

    private static CacheKey alone(Fingerprint definition) {
        Digest digest = definition.digest();
        return new CacheKey(digest, digest);
    }
}
