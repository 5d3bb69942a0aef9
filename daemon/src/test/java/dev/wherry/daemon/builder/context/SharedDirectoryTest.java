package dev.wherry.daemon.builder.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.access.Callers;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedDirectoryTest {

    @TempDir
    private Path folder;

    private SharedDirectory claimed(Caller caller) throws IOException {
        FileStatus status = Inodes.status(folder);
        return Callers.call(
                caller,
                () -> SharedDirectory.claimed(folder, Processes.mountNamespace(), status.device(), status.inode()));
    }

    @Test
    void directoryOfRootIsReadInPlace() throws IOException {
        assertThat(claimed(Caller.DAEMON).verify()).hasValue(folder);
    }

    /** Whatever they may do otherwise: the daemon would read files for them that they cannot read. */
    @Test
    void directoryOfAnyOtherUserIsNot() throws IOException {
        Caller admin = new Caller("user 1000", "admin", true, List.of(), List.of(), List.of(), false);

        assertThat(claimed(admin).verify()).isEmpty();
    }

    @Test
    void directoryThatIsAnotherHereIsNot() throws IOException {
        FileStatus status = Inodes.status(folder);

        assertThat(SharedDirectory.claimed(folder, Processes.mountNamespace(), status.device(), status.inode() + 1)
                        .verify())
                .isEmpty();
        assertThat(SharedDirectory.claimed(folder, Processes.mountNamespace() + 1, status.device(), status.inode())
                        .verify())
                .isEmpty();
    }
}
