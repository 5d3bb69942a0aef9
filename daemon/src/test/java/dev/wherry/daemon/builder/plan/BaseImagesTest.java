package dev.wherry.daemon.builder.plan;

import static dev.wherry.daemon.access.Callers.call;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.access.Callers;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.Snapshotters;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseImagesTest {

    @TempDir
    Path folder;

    @Test
    void whoAskedForTheBuildMustBeAllowedToPullWhicheverThreadDoes() {
        PrivateStores stores = new PrivateStores(folder);
        Snapshotter snapshotter = Snapshotters.open(stores);
        ImageStore images = new ImageStore(stores.database, stores.content, snapshotter, stores.leases);
        BaseImages bases = call(
                Callers.puller("example.com/team"),
                () -> new BaseImages(images, null, null, snapshotter, null, false, _ -> RegistryLogins.NONE, null));

        assertThatThrownBy(
                        () -> bases.resolve("docker.io/library/alpine", Platform.parse("linux/amd64"), Step.of("FROM")))
                .isInstanceOf(ForbiddenException.class)
                .hasMessageContaining("may not pull from docker.io/library/alpine, only from example.com/team");
    }
}
