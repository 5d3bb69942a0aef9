package dev.wherry.daemon.build;

import dev.wherry.daemon.build.cache.CacheKey;
import dev.wherry.daemon.build.cache.Fingerprint;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Image;

/** The cache keys of vertices: what a step is, the key of its parent, and what it reads. */
final class StepKeys {

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

    static CacheKey of(Vertex.Workdir workdir, CacheKey parent) {
        return alone(new Fingerprint("workdir").add(parent.value()).add(workdir.path()));
    }

    static CacheKey of(Vertex.Run run, CacheKey parent) {
        return alone(new Fingerprint("run")
                .add(parent.value())
                .add(run.args())
                .add(run.env())
                .add(run.workingDir())
                .add(run.user())
                .add(run.hostNetwork() ? "host" : "none"));
    }

    /** @param content digest of the files that the step reads */
    static CacheKey of(Vertex.Copy copy, CacheKey parent, Digest content) {
        Digest definition = new Fingerprint(copy.add() ? "add" : "copy")
                .add(parent.value())
                .add(copy.sources())
                .add(copy.destination())
                .add(copy.rules().owner().orElse(""))
                .add(copy.rules().mode().map(ModeChange::text).orElse(""))
                .add(copy.rules().excludes())
                .add(copy.rules().parents() ? 1 : 0)
                .add(copy.rules().unpack() ? 1 : 0)
                .digest();
        return new CacheKey(
                new Fingerprint("files").add(definition).add(content).digest(), definition);
    }

    private static CacheKey alone(Fingerprint definition) {
        Digest digest = definition.digest();
        return new CacheKey(digest, digest);
    }
}
