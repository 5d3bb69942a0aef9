package dev.wherry.cli.client.builds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.CacheSource;
import dev.wherry.v1.LayoutContext;
import dev.wherry.v1.LocalContext;
import dev.wherry.v1.NamedContext;
import org.junit.jupiter.api.Test;

class RemoteOptionsTest {
    private static final LocalContext HERE = LocalContext.newBuilder()
            .setPath("/src")
            .setMountNamespace(4026531841L)
            .setDevice(1)
            .setInode(2)
            .build();

    @Test
    void noDirectoryIsClaimedToBeTheDaemonsToo() {
        LayoutContext layout = LayoutContext.newBuilder().setDirectory(HERE).build();
        BuildOptions options = BuildOptions.newBuilder()
                .setContext(HERE)
                .addNamedContexts(NamedContext.newBuilder().setName("a").setLocal(HERE))
                .addNamedContexts(NamedContext.newBuilder().setName("b").setLayout(layout))
                .addNamedContexts(NamedContext.newBuilder().setName("c").setImage("node"))
                .addCacheFrom(CacheSource.newBuilder().setLayout(layout))
                .build();

        BuildOptions remote = RemoteOptions.of(options);

        assertThat(options.toString()).contains("mount_namespace");
        assertThat(remote.toString()).doesNotContain("mount_namespace").contains("path: \"/src\"", "image: \"node\"");
        assertThat(remote.getCacheFrom(0).getLayout().getDirectory().getInode()).isEqualTo(2);
    }

    @Test
    void buildWithoutDirectoriesGetsNone() {
        assertThat(RemoteOptions.of(BuildOptions.getDefaultInstance()))
                .isEqualTo(BuildOptions.newBuilder().setResumable(true).build());
    }
}
