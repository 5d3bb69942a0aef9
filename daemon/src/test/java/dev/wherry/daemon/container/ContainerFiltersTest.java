package dev.wherry.daemon.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.config.Networking;
import dev.wherry.daemon.container.config.PortBinding;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkStores;
import dev.wherry.daemon.network.PortMapping;
import dev.wherry.daemon.snapshot.Snapshotters;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which containers a list with filters shows, and which a prune takes. */
class ContainerFiltersTest {

    @TempDir
    Path folder;

    private final List<Container> all = new ArrayList<>();
    private ContainerFilters filters;

    @BeforeEach
    void open() {
        PrivateStores stores = new PrivateStores(folder);
        ImageStore images = new ImageStore(stores.database, stores.content, Snapshotters.open(stores), stores.leases);
        NetworkStores networks = new NetworkStores(stores.database, new Events(stores.database), stores.layout);
        filters = new ContainerFilters(new Known(), images, networks.networks);
        add("web", "host", Status.CREATED.running(1, 1, "", Instant.now(), health(Health.HEALTHY)));
        add("web-db", "none", exited(3));
        add("job", "host", Status.CREATED);
        add("idle", "host", paused());
        add("loop", "host", exited(3).with(State.RESTARTING));
        networks.reservations.reserve(
                NamespaceOwner.container(all.getLast().id(), "web"),
                List.of(EndpointRequest.of(networks.networks.get(Network.BRIDGE).id())),
                List.of(PortMapping.of(3000, 80, "tcp")),
                (wanted, _) -> wanted);
    }

    private static Optional<Health> health(String status) {
        return Optional.of(new Health(status, 0, List.of()));
    }

    private static Status exited(int code) {
        return Status.CREATED
                .running(1, 1, "", Instant.now(), Optional.empty())
                .ended(State.EXITED, new Exit(new ExitCode(code), ""), Instant.now());
    }

    private static Status paused() {
        return Status.CREATED
                .running(1, 1, "", Instant.now(), health(Health.UNHEALTHY))
                .with(State.PAUSED);
    }

    private void add(String name, String network, Status status) {
        int number = all.size() + 1;
        boolean web = name.equals("web");
        ContainerConfig request = new ContainerConfig(
                "image-of-" + name,
                List.of(),
                List.of(),
                List.of(),
                "",
                "",
                false,
                false,
                false,
                false,
                network,
                "",
                Map.of(),
                "",
                null,
                false,
                null,
                null,
                null,
                null,
                null,
                web ? List.of(mount()) : null,
                0,
                null,
                null,
                null,
                null,
                null,
                web ? published() : null);
        ContainerSettings settings = new ContainerSettings(
                request,
                List.of(),
                List.of("run"),
                List.of(),
                "",
                "",
                "",
                "",
                web ? List.of("80/tcp") : List.of(),
                web ? Map.of("tier", "front", "team", "a") : Map.of(),
                List.of(),
                null);
        all.addFirst(new Container(
                "%012d".formatted(number) + "0".repeat(52),
                name,
                Digest.sha256(name),
                settings,
                Optional.empty(),
                Instant.ofEpochSecond(number),
                status));
    }

    private static Networking published() {
        return new Networking(List.of(), List.of(new PortBinding(80, "tcp", "", 3000, 0)), false, List.of());
    }

    private static MountRequest mount() {
        return new MountRequest(MountRequest.Type.BIND, "/srv", "/data", false, "", true, false, 0, 0, List.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                           | loop idle web
            -a                           | loop idle job web-db web
            -n 2                         | loop idle
            -n 1 name=web                | web-db
            -a name=web                  | web-db web
            -a name=^web$                | web
            -a name=^/web$               | web
            -a name=web name=job         | job web-db web
            status=exited                | web-db
            status=exited status=created | job web-db
            -a exited=3                  | web-db
            -a exited=0                  | ''
            -a health=healthy            | web
            -a health=none               | loop job web-db
            -a label=tier                | web
            -a label=tier label=team=a   | web
            -a label=tier label=team=b   | ''
            -a label=tier=back           | ''
            -a network=none              | web-db
            -a volume=/data              | web
            -a volume=/srv               | web
            -a expose=80                 | web
            -a expose=70-90/tcp          | web
            -a expose=80/udp             | ''
            -a publish=3000              | web
            -a publish=2990-3010/tcp     | web
            -a publish=80                | ''
            -a publish=3000/udp          | ''
            -a before=job                | web-db web
            before=job                   | web
            -a since=web name=web        | web-db
            -a id=000000000003           | job
            -a is-task=true              | ''
            -a is-task=false             | loop idle job web-db web
            -a ancestor=image-of-job     | job
            """)
    void listShowsWhatDockersWould(String given, String names) {
        List<String> words = new ArrayList<>(List.of(given.split(" +")));
        boolean everything = words.remove("-a");
        int limit = words.remove("-n") ? Integer.parseInt(words.removeFirst()) : 0;
        assertThat(filters.list(everything, limit, parse(words)))
                .extracting(Container::name)
                .containsExactly(names.isEmpty() ? new String[0] : names.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            colour=red    | invalid filter 'colour': use one of ancestor, before, exited, expose, health, id, is-task, label, name, network, pod, publish, since, status, volume
            status=gone   | invalid filter 'status=gone': use one of created, dead, exited, paused, removing, restarting, running
            health=well   | invalid filter 'health=well': use one of healthy, none, starting, unhealthy
            exited=x      | invalid filter 'exited=x': use an exit code
            is-task=maybe | invalid filter 'is-task=maybe': use true or false
            expose=80:80  | invalid filter 'expose=80:80': use a port or a range of ports, such as 80, 53/udp or 8000-8010
            publish=9-1   | invalid filter 'publish=9-1': use a port or a range of ports, such as 80, 53/udp or 8000-8010
            before=nobody | no such container: nobody
            """)
    void filtersThatCannotBeAreRefused(String given, String sentence) {
        assertThatThrownBy(() -> filters.list(true, 0, parse(List.of(given))))
                .isInstanceOf(WherryException.class)
                .hasMessage(sentence);
    }

    @Test
    void pruneTakesByTimeAndLabels() {
        assertThat(toPrune("until=1970-01-01T00:00:03Z")).containsExactly("web-db", "web");
        assertThat(toPrune("label=tier")).containsExactly("web");
        assertThat(toPrune("label!=tier", "until=3")).containsExactly("web-db");
        assertThatThrownBy(() -> toPrune("name=web"))
                .hasMessage("invalid filter 'name': use one of label, label!, until");
    }

    private List<String> toPrune(String... given) {
        return all.stream()
                .filter(filters.toPrune(parse(List.of(given))))
                .map(Container::name)
                .toList();
    }

    private static Filters parse(List<String> words) {
        return new Filters(words.stream()
                .filter(word -> !word.isEmpty())
                .map(word -> List.of(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1)))
                .collect(Collectors.groupingBy(
                        List::getFirst, LinkedHashMap::new, Collectors.mapping(List::getLast, Collectors.toList()))));
    }

    private final class Known implements Containers {
        @Override
        public Container get(String reference) {
            return all.stream()
                    .filter(container -> container.name().equals(reference))
                    .findFirst()
                    .orElseThrow(() -> new NotFoundException("container", reference));
        }

        @Override
        public Optional<Container> find(String id) {
            throw new UnsupportedOperationException(id);
        }

        @Override
        public List<Container> list() {
            return all;
        }
    }
}
