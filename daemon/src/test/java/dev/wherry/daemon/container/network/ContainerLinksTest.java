package dev.wherry.daemon.container.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.Status;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.container.config.NetworkAttachment;
import dev.wherry.daemon.container.config.Networking;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.network.NetworkStores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerLinksTest {

    private static final String DB = "d".repeat(64);

    @TempDir
    private Path folder;

    private final List<Container> all = new ArrayList<>();
    private ContainerLinks links;

    @BeforeEach
    void open() {
        PrivateStores stores = new PrivateStores(folder);
        links = new ContainerLinks(
                new Known(), new NetworkStores(stores.database, new Events(stores.database), stores.layout).networks);
        all.add(container(DB, "db", "bridge", List.of()));
    }

    private static Container container(String id, String name, String network, List<String> linked) {
        Networking networking = new Networking(List.of(NetworkAttachment.to(network)), List.of(), false, linked);
        ContainerSettings settings = new ContainerSettings(
                ContainerConfig.EMPTY.with(networking),
                List.of(),
                List.of("run"),
                List.of(),
                "",
                "",
                "",
                "",
                List.of(),
                Map.of(),
                List.of(),
                null);
        return new Container(id, name, Digest.sha256(name), settings, Optional.empty(), Instant.EPOCH, Status.CREATED);
    }

    @Test
    void linkOnTheDefaultBridgeIsShownAsTheNameBelowItsOwner() {
        Container web = container("e".repeat(64), "web", "bridge", List.of(DB + ":data", "f".repeat(64) + ":gone"));

        assertThat(links.onDefaultBridge(web)).containsExactly("/db:/web/data");
        assertThat(links.onNetwork(web, NetworkAttachment.to("bridge"))).isEmpty();
    }

    @Test
    void linkOnANetworkOfAUserIsShownWithTheNetwork() {
        Container web = container("e".repeat(64), "web", "app", List.of());

        assertThat(links.onDefaultBridge(web)).isEmpty();
        assertThat(links.onNetwork(web, NetworkAttachment.to("app").linked(List.of("later:data"))))
                .containsExactly("later:data");
    }

    @Test
    void linkOfAnEarlierVersionIsShownByTheNameOfThisMoment() {
        Container web = container("e".repeat(64), "web", "app", List.of(DB + ":data"));

        assertThat(links.onNetwork(web, NetworkAttachment.to("app"))).containsExactly("db:data");
    }

    private final class Known implements Containers {
        @Override
        public Container get(String reference) {
            return find(reference).orElseThrow(() -> new NotFoundException("container", reference));
        }

        @Override
        public Optional<Container> find(String id) {
            return all.stream().filter(container -> container.id().equals(id)).findFirst();
        }

        @Override
        public List<Container> list() {
            return all;
        }
    }
}
