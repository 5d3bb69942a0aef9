package dev.wherry.daemon.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.runtime.spec.Isolation.GroupPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which groups a process has. */
class ContainerUserTest {

    @TempDir
    private Path rootfs;

    @BeforeEach
    void accounts() throws Exception {
        Files.createDirectory(rootfs.resolve("etc"));
        Files.writeString(rootfs.resolve("etc/passwd"), "app:x:1000:1000::/home/app:/bin/sh\n");
        Files.writeString(rootfs.resolve("etc/group"), "app:x:1000:\nextra:x:50000:app\n");
    }

    private List<Integer> groups(String user, GroupPolicy policy) {
        return ContainerUser.resolve(rootfs, user, List.of("60000"), policy).groups();
    }

    @Test
    void groupsOfTheImageGoWithItsUserUnlessTheMainGroupIsGiven() {
        assertThat(groups("1000", GroupPolicy.OF_IMAGE_UNLESS_GIVEN)).containsExactly(1000, 50000, 60000);
        assertThat(groups("1000:2000", GroupPolicy.OF_IMAGE_UNLESS_GIVEN)).containsExactly(2000, 60000);
    }

    @Test
    void groupsOfTheImageMayGoWithItsUserInAnyCase() {
        assertThat(groups("1000:2000", GroupPolicy.OF_IMAGE)).containsExactly(2000, 50000, 60000);
    }

    @Test
    void groupsMayBeThoseThatAreGivenAlone() {
        assertThat(groups("app", GroupPolicy.NONE)).containsExactly(1000, 60000);
        assertThat(groups("1000:2000", GroupPolicy.NONE)).containsExactly(2000, 60000);
    }
}
