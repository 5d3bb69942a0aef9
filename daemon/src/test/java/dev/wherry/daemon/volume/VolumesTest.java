package dev.wherry.daemon.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.metadata.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumesTest {

    private static final String CONTAINER = "c".repeat(64);

    @TempDir
    Path folder;

    private PrivateStores stores;
    private Volumes volumes;

    @BeforeEach
    void begin() throws IOException {
        stores = new PrivateStores(folder);
        restart(List.of());
    }

    @AfterEach
    void end() throws Exception {
        for (Mounts.Mount mount : Mounts.list()) {
            if (mount.target().startsWith(folder)) {
                Mounts.unmount(mount.target());
            }
        }
    }

    /** Begins with what is on disk, as a new daemon does. */
    private void restart(List<VolumeUse> uses) throws IOException {
        Files.createDirectories(stores.layout.volumes());
        volumes = new Volumes(stores.database, new Events(stores.database), stores.layout);
        volumes.recover(uses);
        volumes.unmountUnused();
    }

    private Path data(String name) {
        return stores.layout.volumes().resolve(name).resolve("_data");
    }

    private Volume create(String name) {
        return volumes.create(VolumeRequest.named(name));
    }

    private List<String> names() {
        return volumes.list(Filters.NONE).stream().map(Volume::name).toList();
    }

    private Volume anonymous(String holder) {
        try (VolumeClaim claim = volumes.claim(holder)) {
            Volume made = claim.anonymous(VolumeRequest.named(""));
            stores.database.write(claim::write);
            claim.keep();
            return made;
        }
    }

    private void release(String holder, boolean anonymousToo) {
        VolumeRelease release = volumes.release(holder, anonymousToo);
        stores.database.write(release::write);
        release.done();
    }

    private void hold(String name, String holder) {
        try (VolumeClaim claim = volumes.claim(holder)) {
            claim.named(VolumeRequest.named(name), Durability.RELAXED);
            claim.keep();
        }
    }

    @Test
    void volumeIsAFolderThatSurvivesTheDaemon() throws IOException {
        Volume made = volumes.create(new VolumeRequest("data", "", Map.of(), Map.of("team", "web")));
        Files.writeString(data("data").resolve("file"), "kept");
        restart(List.of());

        assertThat(made.driver()).isEqualTo("local");
        assertThat(volumes.get("data")).isEqualTo(made);
        assertThat(data("data").resolve("file")).hasContent("kept");
        assertThat(Inodes.status(data("data")).permissions()).isEqualTo(0755);
    }

    @Test
    void volumeThatIsThereStaysAsItIs() {
        create("data");
        Volume again = volumes.create(new VolumeRequest("data", "local", Map.of(), Map.of("team", "web")));

        assertThat(again.labels()).isEmpty();
        assertThat(names()).containsExactly("data");
    }

    @Test
    void volumeWithoutANameIsAnonymous() {
        Volume made = create("");

        assertThat(made.name()).matches("[0-9a-f]{64}");
        assertThat(made.isAnonymous()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "-data", ".data", "a/b", "a b", "näme", "a\nb", "..", "data\u0000"})
    void nameThatIsNotOneIsRefused(String name) {
        assertThatThrownBy(() -> create(name)).isInstanceOf(InvalidInputException.class);
        assertThat(names()).isEmpty();
    }

    @Test
    void optionsAreThoseOfTheDriver() {
        assertThatThrownBy(() -> volumes.create(new VolumeRequest("data", "ceph", Map.of(), Map.of())))
                .hasMessageContaining("plugin \"ceph\" not found");
        assertThatThrownBy(() -> volumes.create(new VolumeRequest("data", "", Map.of("tyep", "nfs"), Map.of())))
                .hasMessageContaining("invalid option: \"tyep\"");
        assertThatThrownBy(() -> volumes.create(new VolumeRequest("data", "", Map.of("type", "nfs"), Map.of())))
                .hasMessageContaining("missing required option: \"device\"");
    }

    @Test
    void volumeThatIsHeldIsNotRemoved() {
        hold("data", CONTAINER);
        assertThatThrownBy(() -> volumes.remove("data", true))
                .isInstanceOf(ConflictException.class)
                .hasMessage("remove data: volume is in use - [" + CONTAINER + "]");
        assertThat(volumes.prune(new Filters(Map.of("all", List.of("true")))).names())
                .isEmpty();

        release(CONTAINER, true);
        assertThat(names()).containsExactly("data");
        volumes.remove("data", false);
        assertThat(names()).isEmpty();
        assertThat(stores.layout.volumes().resolve("data")).doesNotExist();
        assertThatThrownBy(() -> volumes.remove("data", false)).isInstanceOf(NotFoundException.class);
        volumes.remove("data", true);
    }

    @Test
    void pruneTakesAnonymousVolumesAndAllOnRequest() throws IOException {
        create("data");
        Volume loose = create("");
        Volume used = anonymous(CONTAINER);
        Files.write(data(loose.name()).resolve("file"), new byte[1000]);

        PrunedVolumes pruned = volumes.prune(Filters.NONE);
        assertThat(pruned.names()).containsExactly(loose.name());
        assertThat(pruned.bytes()).isEqualTo(1000);
        assertThat(volumes.prune(new Filters(Map.of("all", List.of("true")))).names())
                .containsExactly("data");
        assertThat(names()).containsExactly(used.name());
    }

    @Test
    void filtersAreThoseOfDocker() {
        create("data");
        volumes.create(new VolumeRequest("logs", "", Map.of(), Map.of("team", "web")));
        hold("data", CONTAINER);

        assertThat(filtered("dangling", "true")).containsExactly("logs");
        assertThat(filtered("dangling", "false")).containsExactly("data");
        assertThat(filtered("name", "at")).containsExactly("data");
        assertThat(filtered("label", "team=web")).containsExactly("logs");
        assertThat(filtered("label!", "team")).containsExactly("data");
        assertThat(filtered("driver", "other")).isEmpty();
        assertThatThrownBy(() -> filtered("size", "1")).isInstanceOf(InvalidInputException.class);
    }

    private List<String> filtered(String key, String value) {
        return volumes.list(new Filters(Map.of(key, List.of(value)))).stream()
                .map(Volume::name)
                .toList();
    }

    @Test
    void anonymousVolumeGoesWithItsContainerOnRequest() {
        Volume goes = anonymous(CONTAINER);
        release(CONTAINER, true);
        Volume stays = anonymous("other");
        release("other", false);

        assertThat(names()).containsExactly(stays.name());
        Awaitility.await().until(() -> Files.notExists(stores.layout.volumes().resolve(goes.name())));
    }

    @Test
    void anonymousVolumeOfTwoContainersGoesWithTheLast() throws IOException {
        Volume shared = anonymous(CONTAINER);
        hold(shared.name(), "other");
        release(CONTAINER, true);
        restart(List.of(new VolumeUse("other", Set.of(shared.name()), false)));
        assertThat(names()).containsExactly(shared.name());

        release("other", true);
        assertThat(names()).isEmpty();
    }

    @Test
    void removalOfAContainerThatFailsTakesNothingAway() throws IOException {
        Volume made = anonymous(CONTAINER);
        Files.writeString(data(made.name()).resolve("file"), "kept");
        volumes.release(CONTAINER, true).undo();

        assertThat(volumes.holders(made.name())).containsExactly(CONTAINER);
        assertThat(data(made.name()).resolve("file")).hasContent("kept");
    }

    @Test
    void creationOfAContainerThatFailsLeavesNothing() {
        Volume made;
        try (VolumeClaim claim = volumes.claim(CONTAINER)) {
            claim.named(VolumeRequest.named("data"), Durability.RELAXED);
            made = claim.anonymous(VolumeRequest.named(""));
        }
        assertThat(names()).containsExactly("data");
        assertThat(volumes.holders("data")).isEmpty();
        assertThat(stores.layout.volumes().toFile().list()).doesNotContain(made.name());
    }

    @Test
    void daemonThatIsKilledLeavesNoHalfVolume() throws IOException {
        create("removed");
        create("kept");
        create("lost");
        Volume orphan = anonymous(CONTAINER);
        Path root = stores.layout.volumes();
        // In the middle of a removal: the folder is taken away, the row is still there.
        Files.writeString(data("kept").resolve("file"), "kept");
        Files.createDirectories(root.resolve(".removed/7"));
        Files.move(root.resolve("kept"), root.resolve(".removed/7/kept"));
        // The row is gone too.
        Files.createDirectories(root.resolve(".removed/8/gone/_data"));
        // In the middle of a creation, and of a copy.
        Files.createDirectories(root.resolve(".new/1/_data"));
        Files.createDirectories(root.resolve("removed/.filling"));
        Files.delete(data("lost"));
        Files.delete(root.resolve("lost"));
        restart(List.of());

        assertThat(names()).containsExactly("kept", "lost", "removed");
        assertThat(data("kept").resolve("file")).hasContent("kept");
        assertThat(data("lost")).isEmptyDirectory();
        assertThat(root.resolve("removed/.filling")).doesNotExist();
        assertThat(root.resolve(".new")).isEmptyDirectory();
        assertThat(root.resolve(orphan.name())).doesNotExist();
        Awaitility.await()
                .untilAsserted(() -> assertThat(root.resolve(".removed")).isEmptyDirectory());
    }

    @Test
    void folderWithoutARowBecomesAVolume() throws IOException {
        Files.createDirectories(data("found"));
        Files.writeString(data("found").resolve("file"), "kept");
        restart(List.of());

        assertThat(names()).containsExactly("found");
        assertThat(data("found").resolve("file")).hasContent("kept");
    }

    @Test
    void linkInPlaceOfTheFilesIsNotFollowed() throws IOException {
        create("data");
        Files.delete(data("data"));
        Files.createSymbolicLink(data("data"), Path.of("/etc"));
        hold("data", CONTAINER);

        assertThatThrownBy(() -> volumes.mount("data", CONTAINER)).hasMessageContaining("_data");
        release(CONTAINER, false);
        volumes.remove("data", false);
        assertThat(Path.of("/etc/passwd")).exists();
    }

    @Test
    void deviceIsMountedWhileSomebodyUsesIt() throws IOException {
        volumes.create(new VolumeRequest(
                "memory", "", Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=1m,mode=0700,noexec"), Map.of()));
        hold("memory", "one");
        hold("memory", "two");
        volumes.mount("memory", "one");
        volumes.mount("memory", "two");
        Files.writeString(data("memory").resolve("file"), "there");
        assertThat(Mounts.list())
                .filteredOn(mount -> mount.target().equals(data("memory")))
                .singleElement()
                .satisfies(mount -> {
                    assertThat(mount.type()).isEqualTo("tmpfs");
                    assertThat(mount.options()).contains("noexec");
                    assertThat(mount.superOptions()).contains("size=1024k", "mode=700");
                });

        volumes.unmount("one");
        assertThat(data("memory").resolve("file")).hasContent("there");

        // A new daemon, and the second container still runs.
        restart(List.of(new VolumeUse("two", Set.of("memory"), true)));
        assertThat(data("memory").resolve("file")).hasContent("there");
        volumes.unmount("two");
        assertThat(data("memory")).isEmptyDirectory();
        assertThat(Mounts.isAnyBelow(folder)).isFalse();
    }

    @Test
    void deviceOfAContainerThatEndedWithTheDaemonIsUnmounted() throws IOException {
        volumes.create(new VolumeRequest("memory", "", Map.of("type", "tmpfs", "device", "tmpfs"), Map.of()));
        hold("memory", CONTAINER);
        volumes.mount("memory", CONTAINER);
        restart(List.of(new VolumeUse(CONTAINER, Set.of("memory"), false)));

        assertThat(Mounts.isAnyBelow(folder)).isFalse();
    }

    @Test
    void folderOfTheHostAsDeviceIsNotRemovedWithTheVolume() throws IOException {
        Path host = Files.createDirectory(folder.resolve("host"));
        Files.writeString(host.resolve("file"), "kept");
        volumes.create(new VolumeRequest(
                "bound", "", Map.of("type", "none", "device", host.toString(), "o", "bind,ro"), Map.of()));
        hold("bound", CONTAINER);
        Path mounted = volumes.mount("bound", CONTAINER);
        assertThat(mounted.resolve("file")).hasContent("kept");
        assertThatThrownBy(() -> Files.writeString(mounted.resolve("file"), "written"))
                .hasMessageContaining("Read-only");

        release(CONTAINER, true);
        volumes.remove("bound", false);
        assertThat(host.resolve("file")).hasContent("kept");
    }

    @Test
    void deviceThatCannotBeMountedIsNamed() {
        volumes.create(new VolumeRequest(
                "bound", "", Map.of("type", "none", "device", folder + "/nowhere", "o", "bind"), Map.of()));
        hold("bound", CONTAINER);

        assertThatThrownBy(() -> volumes.mount("bound", CONTAINER))
                .hasMessageContaining("error while mounting volume bound")
                .hasMessageContaining("nowhere")
                .hasMessageContaining("No such file");
    }

    @Test
    void whatAUserMountedInAVolumeIsNotRemoved() throws IOException {
        create("data");
        Path inner = Files.createDirectory(data("data").resolve("disk"));
        Mounts.tmpfs(inner, "");
        Files.writeString(inner.resolve("file"), "kept");

        assertThatThrownBy(() -> volumes.remove("data", false)).hasMessageContaining("unmount it first");
        assertThat(inner.resolve("file")).hasContent("kept");
    }
}
