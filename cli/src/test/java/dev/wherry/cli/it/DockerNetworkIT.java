package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Links and networks, as programs made for Docker ask for them. */
class DockerNetworkIT {

    private static final String SLEEPS = "'Image':'busybox','Cmd':['sleep','1000'],'HostConfig':{'NetworkMode':'%s'}";

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    private static DockerSocket.Answer call(String method, String path, String... body) throws IOException {
        return DockerSocket.call(daemon, method, path, body);
    }

    private static void run(String name, String network, String more) throws IOException {
        call("POST", "/containers/create?name=" + name, "{" + SLEEPS.formatted(network) + more + "}")
                .is(201);
        call("POST", "/containers/" + name + "/start").is(204);
    }

    private static void remove(String... names) throws IOException {
        for (String name : names) {
            call("DELETE", "/containers/" + name + "?force=1&v=1").is(204);
        }
    }

    private static String hosts(String container) {
        return daemon.wherry("exec", container, "cat", "/etc/hosts").ok().stdout();
    }

    @Test
    void linkOnANetworkLeadsToWhoeverHasTheName() throws IOException {
        call("POST", "/networks/create", "{'Name':'linked'}").is(201);
        run("web", "linked", ",'NetworkingConfig':{'EndpointsConfig':{'linked':{'Links':['later:store']}}}");
        assertThat(call("GET", "/containers/web/json")
                        .json()
                        .at("/NetworkSettings/Networks/linked/Links")
                        .toString())
                .isEqualTo("[\"later:store\"]");

        run("later", "linked", "");

        String address = address("later", "linked");
        assertThat(daemon.wherry("exec", "web", "nslookup", "store").ok().stdout())
                .contains(address);
        awaitHosts("web", address + "\tstore ");
        call("POST", "/networks/linked/disconnect", "{'Container':'web'}").is(200);
        call("POST", "/networks/linked/connect", "{'Container':'web','EndpointConfig':{'Links':['later:other']}}")
                .is(200);
        assertThat(daemon.wherry("exec", "web", "nslookup", "other").ok().stdout())
                .contains(address);
        assertThat(hosts("web")).contains(address + "\tother ").doesNotContain("store");
        remove("web", "later");
        call("DELETE", "/networks/linked").is(204);
    }

    private static String address(String container, String network) throws IOException {
        return call("GET", "/containers/" + container + "/json")
                .json()
                .at("/NetworkSettings/Networks/" + network + "/IPAddress")
                .textValue();
    }

    /** A container that has started is told to those that are linked to it soon after. */
    private static void awaitHosts(String container, String line) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(hosts(container)).contains(line));
    }

    @Test
    void linkOnTheDefaultBridgeIsRemoved() throws IOException {
        run("db", "bridge", "");
        call(
                        "POST",
                        "/containers/create?name=user",
                        "{'Image':'busybox','Cmd':['sleep','1000'],'HostConfig':{'Links':['db:data']}}")
                .is(201);
        call("POST", "/containers/user/start").is(204);
        assertThat(hosts("user")).contains("\tdata ");

        call("DELETE", "/containers/user/data").is(404);
        call("DELETE", "/containers/user/other?link=1").is(404);
        call("DELETE", "/containers/user/data?link=1").is(204);

        assertThat(hosts("user")).doesNotContain("data");
        assertThat(call("GET", "/containers/user/json")
                        .json()
                        .at("/HostConfig/Links")
                        .isNull())
                .isTrue();
        remove("user", "db");
    }

    @Test
    void onlyAContainerThatIsGoneIsDisconnectedByForce() throws IOException {
        call("POST", "/networks/create", "{'Name':'forced'}").is(201);
        run("there", "bridge", "");

        call("POST", "/networks/forced/disconnect", "{'Container':'there','Force':true}")
                .is(409);
        call("POST", "/networks/forced/disconnect", "{'Container':'gone','Force':true}")
                .is(200);

        remove("there");
        call("DELETE", "/networks/forced").is(204);
    }

    @Test
    void nameOfANetworkMayHaveBlanks() throws IOException {
        call("POST", "/networks/create", "{'Name':'my net 1'}").is(201);
        run("inside", "my net 1", "");
        run("beside", "my net 1", "");

        assertThat(daemon.wherry("exec", "inside", "nslookup", "beside").ok().stdout())
                .contains(address("beside", "my net 1"));
        assertThat(daemon.wherry("network", "ls", "--format", "{{.Name}}").ok().stdout())
                .contains("\nmy net 1\n");

        remove("inside", "beside");
        call("DELETE", "/networks/my%20net%201").is(204);
        call("POST", "/networks/create", "{'Name':'my net '}").is(400);
    }

    @Test
    void stepsOfABuildRunOnANetwork() throws IOException {
        call("POST", "/networks/create", "{'Name':'build'}").is(201);
        run("server", "build", "");

        assertThat(build("build").text()).contains("Successfully built");
        assertThat(build("default").text()).contains("nslookup server");
        assertThat(build("default").text()).contains("\"errorDetail\"");
        assertThat(build("nowhere").text()).contains("network nowhere not found");
        assertThat(build("container:server").is(400).text()).contains("is not one for a build");

        remove("server");
        call("DELETE", "/networks/build").is(204);
    }

    private static DockerSocket.Answer build(String network) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(tar)) {
            byte[] bytes = "FROM busybox\nRUN nslookup server\n".getBytes(StandardCharsets.UTF_8);
            TarArchiveEntry entry = new TarArchiveEntry("Dockerfile");
            entry.setSize(bytes.length);
            out.putArchiveEntry(entry);
            out.write(bytes);
            out.closeArchiveEntry();
        }
        try (DockerSocket socket = DockerSocket.to(daemon)) {
            socket.send(
                    "POST", "/build?networkmode=" + network, tar.toByteArray(), "Content-Type: application/x-tar\r\n");
            return socket.answer("POST");
        }
    }

    @Test
    void isolationIsDefaultOrNothing() throws IOException {
        call("POST", "/containers/create?name=isolated", "{'Image':'busybox','HostConfig':{'Isolation':'default'}}")
                .is(201);
        JsonNode inspected = call("GET", "/containers/isolated/json").json();
        assertThat(inspected.at("/HostConfig/Isolation").textValue()).isEqualTo("default");
        assertThat(call("POST", "/containers/create", "{'Image':'busybox','HostConfig':{'Isolation':'hyperv'}}")
                        .is(400)
                        .text())
                .contains("invalid isolation");
        remove("isolated");
    }
}
