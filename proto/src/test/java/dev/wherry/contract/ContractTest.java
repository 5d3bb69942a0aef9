package dev.wherry.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The API as it is published: each element is explained, and clients of the last release work with it. */
class ContractTest {

    @Test
    void everyElementSaysWhatItMeans() throws IOException {
        FileDescriptorSet present = present();

        assertThat(present.getFileList().stream()
                        .filter(file -> file.getPackage().equals("wherry.v1"))
                        .flatMap(file -> Comments.missing(file).stream()))
                .as("elements without a comment")
                .isEmpty();
    }

    @Test
    void clientsOfTheLastReleaseStillWork() throws IOException {
        assertThat(Contract.of(lastRelease()).brokenBy(Contract.of(present())))
                .as("what breaks clients of the last release")
                .isEmpty();
    }

    @Test
    void theProtoFilesArePackedToo() throws IOException {
        for (var file : present().getFileList()) {
            try (InputStream packed = resource("/" + file.getName())) {
                assertThat(packed).as(file.getName()).isNotNull();
            }
        }
    }

    private static FileDescriptorSet present() throws IOException {
        try (InputStream in = resource("/wherry-v1.binpb")) {
            return FileDescriptorSet.parseFrom(in);
        }
    }

    private static FileDescriptorSet lastRelease() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources"))) {
            List<Path> releases = files.filter(
                            file -> file.getFileName().toString().matches("wherry-v1-.*\\.binpb"))
                    .toList();
            assertThat(releases).as("the last release, and no other").hasSize(1);
            try (InputStream in = Files.newInputStream(releases.getFirst())) {
                return FileDescriptorSet.parseFrom(in);
            }
        }
    }

    private static InputStream resource(String name) {
        return ContractTest.class.getResourceAsStream(name);
    }
}
