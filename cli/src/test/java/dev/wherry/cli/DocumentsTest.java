package dev.wherry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.wherry.v1.ContainerServiceGrpc;
import dev.wherry.v1.ListContainersRequest;
import io.grpc.ServiceDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents at the top of the project: what they link to is there, and the architecture names every part. */
class DocumentsTest {

    private static final Path PROJECT = Path.of("..");
    /** A call as grpcurl takes it: the data of its request, and its name. */
    private static final Pattern CALL =
            Pattern.compile("(?m)^grpcurl .*?-d '(.*)' \\S+\\.sock (wherry\\.v1\\.\\w+)/(\\w+)$");

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"})
    void everyLinkResolves(String document) throws IOException {
        assertThat(links(document))
                .filteredOn(link -> !link.startsWith("https://"))
                .allSatisfy(link -> assertThat(PROJECT.resolve(link)).exists());
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"})
    void nothingIsLeftOfAMerge(String document) throws IOException {
        assertThat(Files.readAllLines(PROJECT.resolve(document)))
                .noneMatch(line -> line.startsWith("<<<<<<<") || line.startsWith(">>>>>>>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemon/src/main/java/dev/wherry/daemon", "cli/src/main/java/dev/wherry/cli"})
    void architectureLinksToEveryPart(String source) throws IOException {
        List<String> links = links("CONTRIBUTING.md");
        try (Stream<Path> parts = Files.list(PROJECT.resolve(source))) {
            assertThat(parts.filter(Files::isDirectory))
                    .isNotEmpty()
                    .allSatisfy(part ->
                            assertThat(links).contains(source + "/" + part.getFileName() + "/package-info.java"));
        }
    }

    @Test
    void everyCommandOfTheTestsIsThere() {
        assertThat(PROJECT.resolve("check")).isExecutable();
        assertThat(PROJECT.resolve("tutorial")).isExecutable();
    }

    @Test
    void readmeShowsTheExampleOfAClient() throws IOException {
        String example = Files.readString(PROJECT.resolve("proto/src/example/Containers.java"));

        assertThat(Files.readString(PROJECT.resolve("README.md"))).contains("```java\n" + example + "```");
    }

    @Test
    void callsOfGrpcurlInTheReadmeAreThoseOfTheApi() throws Exception {
        List<MatchResult> calls = CALL.matcher(Files.readString(PROJECT.resolve("README.md")))
                .results()
                .toList();
        assertThat(calls).isNotEmpty();

        ServiceDescriptor service = ContainerServiceGrpc.getServiceDescriptor();
        for (MatchResult call : calls) {
            assertThat(call.group(2)).isEqualTo(service.getName());
            assertThat(service.getMethods()).extracting("bareMethodName").contains(call.group(3));
            ListContainersRequest.Builder request = ListContainersRequest.newBuilder();
            JsonFormat.parser().merge(call.group(1), request);
            assertThat(request.getAll()).isTrue();
        }
    }

    private static List<String> links(String document) throws IOException {
        return LINK.matcher(Files.readString(PROJECT.resolve(document)))
                .results()
                .map((MatchResult link) -> link.group(1))
                .toList();
    }
}
