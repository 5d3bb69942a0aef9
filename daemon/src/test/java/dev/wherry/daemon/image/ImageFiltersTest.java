package dev.wherry.daemon.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.image.ImageConfig.Execution;
import dev.wherry.daemon.snapshot.Snapshotters;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which images a list with filters shows, and by which references. */
class ImageFiltersTest {

    private static final String DANGLING = "<none>";

    @TempDir
    Path folder;

    private ImageStore images;
    private ImageFilters filters;

    @BeforeEach
    void open() {
        PrivateStores stores = new PrivateStores(folder);
        images = new ImageStore(stores.database, stores.content, Snapshotters.open(stores), stores.leases);
        filters = new ImageFilters(images);
        add("2026-01-01T00:00:00Z", Map.of("tier", "base"), "node:22", "node:24", "registry.example.com/team/app:1");
        add("2026-01-02T00:00:00Z", Map.of("tier", "front", "team", "a"), "team/app");
        add("2026-01-03T00:00:00Z", null);
    }

    private void add(String created, Map<String, String> labels, String... names) {
        Execution execution =
                new Execution(null, null, null, null, null, null, null, null, null, labels, null, null, null, null);
        images.commit(
                new ImageConfig(created, null, "amd64", null, "linux", null, execution, null, null),
                Optional.empty(),
                List.of(),
                Stream.of(names).map(Reference::parse).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                   | <none> team/app:latest node:22 node:24 registry.example.com/team/app:1
            reference=node                       | node:22 node:24
            reference=docker.io/library/node     | node:22 node:24
            reference=node:22                    | node:22
            reference=docker.io/library/node:22  | node:22
            reference=node:2?                    | node:22 node:24
            reference=*:24                       | node:24
            reference=*                          | node:22 node:24
            reference=*/app                      | team/app:latest
            reference=team/app                   | team/app:latest
            reference=registry.example.com/*/app | registry.example.com/team/app:1
            reference=node:22 reference=team/app | team/app:latest node:22
            reference=gone                       | ''
            reference=No                         | ''
            dangling=true                        | <none>
            dangling=1                           | <none>
            dangling=false reference=node        | node:22 node:24
            label=tier                           | team/app:latest node:22 node:24 registry.example.com/team/app:1
            label=tier label=team=a              | team/app:latest
            label!=team                          | <none> node:22 node:24 registry.example.com/team/app:1
            before=team/app reference=node       | node:22 node:24
            since=team/app                       | <none>
            since=node:22 label=tier             | team/app:latest
            until=2026-01-01T12:00:00Z           | node:22 node:24 registry.example.com/team/app:1
            """)
    void listShowsWhatDockersWould(String given, String references) {
        assertThat(filters.list(parse(given)).stream()
                        .flatMap(image -> image.references().isEmpty()
                                ? Stream.of(DANGLING)
                                : image.references().stream().map(Reference::familiar))
                        .collect(Collectors.joining(" ")))
                .isEqualTo(references);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            colour=red     | invalid filter 'colour': use one of before, dangling, label, label!, reference, since, until
            dangling=maybe | invalid filter 'dangling=maybe': use true or false
            reference=[    | invalid filter 'reference=[': it is not a pattern
            before=gone    | no such image: gone
            """)
    void filtersThatCannotBeAreRefused(String given, String sentence) {
        assertThatThrownBy(() -> filters.list(parse(given)))
                .isInstanceOf(WherryException.class)
                .hasMessage(sentence);
    }

    private static Filters parse(String given) {
        return new Filters(Stream.of(given.split(" "))
                .filter(word -> !word.isEmpty())
                .map(word -> List.of(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1)))
                .collect(Collectors.groupingBy(
                        List::getFirst, LinkedHashMap::new, Collectors.mapping(List::getLast, Collectors.toList()))));
    }
}
