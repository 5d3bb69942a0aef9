package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Docker's API as programs made for Docker use it: what they send, what they wait for and what they look for. */
class DockerApiIT {

    private static final String OUT = "stream=1&stdout=1&stderr=1";

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    private static DockerSocket.Answer call(String method, String path, String... body) throws IOException {
        return DockerSocket.call(daemon, method, path, body);
    }

    private static String create(String name, String body) throws IOException {
        return call("POST", "/v1.51/containers/create?name=" + name, body)
                .is(201)
                .json()
                .get("Id")
                .textValue();
    }

    private static void remove(String name) throws IOException {
        call("DELETE", "/containers/" + name + "?force=1&v=1").is(204);
    }

    @Test
    void versionsAreNegotiated() throws IOException {
        DockerSocket.Answer ping = call("HEAD", "/_ping").is(200);
        assertThat(ping.headers())
                .containsEntry("api-version", "1.51")
                .containsEntry("ostype", "linux")
                .containsEntry("swarm", "inactive");
        assertThat(call("GET", "/_ping").is(200).text()).isEqualTo("OK");
        JsonNode version = call("GET", "/v1.24/version").is(200).json();
        assertThat(version.get("ApiVersion").textValue()).isEqualTo("1.51");
        assertThat(version.get("MinAPIVersion").textValue()).isEqualTo("1.24");
        assertThat(call("GET", "/v1.12/version").is(400).json().get("message").textValue())
                .isEqualTo("client version 1.12 is too old. Minimum supported API version is 1.24, please upgrade your"
                        + " client to a newer version");
        assertThat(call("GET", "/info").is(200).json().get("OSType").textValue())
                .isEqualTo("linux");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /containers/nosuch/json | | 404 | No such container: nosuch",
                "GET    | /images/nosuch/json | | 404 | No such image: nosuch",
                "GET    | /images/NOSUCH:*/json | | 404 | No such image: NOSUCH:*",
                "GET    | /networks/nosuch | | 404 | network nosuch not found",
                "POST   | /networks/create | {'Name':'bridge'} | 403 | operation is not permitted on predefined bridge network",
                "DELETE | /networks/host | | 403 | host is a pre-defined network and cannot be removed",
                "POST   | /volumes/create | {'Driver':'nosuch'} | 404 | error looking up volume plugin nosuch: plugin",
                "POST   | /containers/create | {'Image':'busybox','HostConfig':{'ExtraHosts':['host1']}} | 400 | bad format for",
                "GET    | /nosuch | | 404 | page not found",
                "GET    | /../../etc/passwd | | 404 | page not found",
                "GET    | /containers/%2e%2e%2f%2e%2e/json | | 404 | page not found",
                "GET    | /%zz | | 400 | the path of the request is malformed",
                "POST   | /containers/create | {'Image':7} | 400 | invalid JSON: Image must be a string, not number",
                "POST   | /containers/create | { | 400 | invalid JSON:",
                "POST   | /containers/create?name=x | {'Image':'nosuch'} | 404 | No such image: nosuch",
                "GET    | /containers/json?filters={'nosuch':['1']} | | 400 | invalid filter 'nosuch'",
                "POST   | /exec/nosuch/start | {} | 404 | No such exec instance: nosuch",
                "POST   | /grpc | | 400 | this address speaks gRPC: ask for an upgrade to h2c",
                "POST   | /session | | 400 | this address speaks gRPC: ask for an upgrade to h2c",
                "POST   | /build?version=2 | | 501 | a build of version 2 does not come by /build",
                "GET    | /services | | 503 | This node is not a swarm manager.",
            })
    void errorsAreOnesThatProgramsKnow(String method, String path, String body, int status, String message)
            throws IOException {
        String quoted = path.replace("'", "%22").replace("{", "%7b").replace("}", "%7d");
        DockerSocket.Answer answer = body == null ? call(method, quoted) : call(method, quoted, body);
        assertThat(answer.is(status).json().get("message").textValue()).startsWith(message);
    }

    @Test
    void containerIsAttachedWaitedForAndStarted() throws IOException {
        create(
                "run",
                "{'Image':'busybox','Cmd':['sh','-c','cat; echo err >&2; exit 3'],'OpenStdin':true,'StdinOnce':true}");
        try (DockerSocket attached = DockerSocket.to(daemon);
                DockerSocket waiting = DockerSocket.to(daemon)) {
            DockerSocket.Answer head = attached.upgrade("/v1.51/containers/run/attach?stdin=1&" + OUT, "");
            assertThat(head.status()).isEqualTo(101);
            assertThat(head.headers())
                    .containsEntry("upgrade", "tcp")
                    .containsEntry("content-type", "application/vnd.docker.multiplexed-stream");
            waiting.send("POST", "/containers/run/wait?condition=next-exit", new byte[0], "");
            // The wait has begun when its head is there, long before its end.
            waiting.head();
            call("POST", "/containers/run/start").is(204);
            call("POST", "/containers/run/start").is(304);
            attached.write("typed\n".getBytes(StandardCharsets.UTF_8));
            attached.endInput();
            assertThat(attached.frames()).isEqualTo(Map.of(1, "typed\n", 2, "err\n"));
            assertThat(new String(waiting.chunk(), StandardCharsets.UTF_8)).isEqualTo("{\"StatusCode\":3}\n");
        }
        call("POST", "/containers/run/stop").is(304);
        assertThat(call("POST", "/containers/run/kill")
                        .is(409)
                        .json()
                        .get("message")
                        .textValue())
                .contains("is not running");
        assertThat(call("POST", "/containers/create?name=run", "{'Image':'busybox','Cmd':['true']}")
                        .is(409)
                        .json()
                        .get("message")
                        .textValue())
                .contains("is already in use");
        remove("run");
    }

    @Test
    void streamsCarryMuchBothWaysUnchanged() throws Exception {
        create("much", "{'Image':'busybox','Cmd':['cat'],'OpenStdin':true,'StdinOnce':true}");
        byte[] block = new byte[1 << 20];
        new Random(7).nextBytes(block);
        int blocks = 64;
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        MessageDigest received = MessageDigest.getInstance("SHA-256");
        try (DockerSocket attached = DockerSocket.to(daemon)) {
            attached.upgrade("/containers/much/attach?stdin=1&" + OUT, "");
            call("POST", "/containers/much/start").is(204);
            Thread writer = Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < blocks; i++) {
                        sent.update(block);
                        attached.write(block);
                    }
                    attached.endInput();
                } catch (IOException broken) {
                    // The sums differ.
                }
            });
            InputStream in = attached.input();
            for (byte[] header = in.readNBytes(8); header.length == 8; header = in.readNBytes(8)) {
                received.update(in.readNBytes(ByteBuffer.wrap(header).getInt(4)));
            }
            writer.join();
        }
        assertThat(HexFormat.of().formatHex(received.digest()))
                .isEqualTo(HexFormat.of().formatHex(sent.digest()));
        remove("much");
    }

    @Test
    void logsComeInFramesOrFollow() throws IOException {
        create("logs", "{'Image':'busybox','Cmd':['sh','-c','echo a; echo b >&2; read x; echo $x'],'OpenStdin':true}");
        call("POST", "/containers/logs/start").is(204);
        await().untilAsserted(() -> assertThat(
                        call("GET", "/containers/logs/logs?stdout=1&stderr=1").body())
                .hasSize(20));
        try (DockerSocket following = DockerSocket.to(daemon);
                DockerSocket attached = DockerSocket.to(daemon)) {
            following.send("GET", "/containers/logs/logs?follow=1&stdout=1&tail=1", new byte[0], "");
            assertThat(following.head().headers())
                    .containsEntry("content-type", "application/vnd.docker.multiplexed-stream");
            attached.upgrade("/containers/logs/attach?stdin=1&" + OUT, "");
            attached.write("typed\n".getBytes(StandardCharsets.UTF_8));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] chunk = following.chunk(); chunk.length > 0; chunk = following.chunk()) {
                all.writeBytes(chunk);
            }
            assertThat(all.toString(StandardCharsets.UTF_8)).endsWith("\0\0\0\6typed\n");
        }
        assertThat(call("GET", "/containers/logs/logs")
                        .is(400)
                        .json()
                        .get("message")
                        .textValue())
                .isEqualTo("Bad parameters: you must choose at least one stream");
        remove("logs");
    }

    @Test
    void execIsMadeStartedAndAskedForItsCode() throws IOException {
        create("box", "{'Image':'busybox','Cmd':['sleep','1000']}");
        call("POST", "/containers/box/start").is(204);
        assertThat(exec("box", "{'AttachStdin':true,'AttachStdout':true,'Cmd':['sh','-c','cat; exit 7']}", "in\n"))
                .isEqualTo(Map.of(1, "in\n"));
        assertThat(exec("box", "{'AttachStdout':true,'Cmd':['nosuch']}", "").get(1))
                .contains("nosuch");
        String detached = call("POST", "/containers/box/exec", "{'Cmd':['sh','-c','exit 5']}")
                .is(201)
                .json()
                .get("Id")
                .textValue();
        call("POST", "/exec/" + detached + "/start", "{'Detach':true}").is(200);
        await().untilAsserted(() -> assertThat(call("GET", "/exec/" + detached + "/json")
                        .json()
                        .get("ExitCode")
                        .intValue())
                .isEqualTo(5));
        assertThat(call("POST", "/exec/" + detached + "/start", "{'Detach':true}")
                        .is(409)
                        .text())
                .contains("has already run");
        remove("box");
    }

    private static Map<Integer, String> exec(String container, String body, String input) throws IOException {
        JsonNode made =
                call("POST", "/containers/" + container + "/exec", body).is(201).json();
        String id = made.get("Id").textValue();
        assertThat(call("GET", "/exec/" + id + "/json").json().get("Running").booleanValue())
                .isFalse();
        try (DockerSocket socket = DockerSocket.to(daemon)) {
            assertThat(socket.upgrade("/exec/" + id + "/start", "{'Detach':false,'Tty':false}")
                            .status())
                    .isEqualTo(101);
            socket.write(input.getBytes(StandardCharsets.UTF_8));
            socket.endInput();
            Map<Integer, String> output = socket.frames();
            // The code is there as soon as the stream has ended.
            assertThat(call("GET", "/exec/" + id + "/json")
                            .json()
                            .get("ExitCode")
                            .intValue())
                    .isEqualTo(body.contains("nosuch") ? 127 : 7);
            return output;
        }
    }

    @Test
    void archivesGoInAndComeOut() throws IOException {
        create("files", "{'Image':'busybox','Cmd':['true']}");
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(tar)) {
            TarArchiveEntry entry = new TarArchiveEntry("hello");
            entry.setSize(3);
            entry.setMode(0100640);
            out.putArchiveEntry(entry);
            out.write("hi\n".getBytes(StandardCharsets.UTF_8));
            out.closeArchiveEntry();
        }
        try (DockerSocket socket = DockerSocket.to(daemon)) {
            socket.send("PUT", "/containers/files/archive?path=/tmp", tar.toByteArray(), "");
            socket.answer("PUT").is(200);
        }
        String stat = call("HEAD", "/containers/files/archive?path=/tmp/hello")
                .is(200)
                .headers()
                .get("x-docker-container-path-stat");
        assertThat(new String(Base64.getDecoder().decode(stat), StandardCharsets.UTF_8))
                .contains("\"name\":\"hello\",\"size\":3,\"mode\":416");
        DockerSocket.Answer out =
                call("GET", "/containers/files/archive?path=/tmp/hello").is(200);
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(out.body()))) {
            assertThat(in.getNextEntry().getName()).isEqualTo("hello");
            assertThat(in.readAllBytes()).isEqualTo("hi\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(call("GET", "/containers/files/changes").is(200).text()).contains("/tmp/hello");
        call("GET", "/containers/files/archive?path=/nosuch").is(404);
        remove("files");
    }

    @Test
    void eventsComeAsTheyHappenAndAreReplayed() throws IOException {
        String since = Long.toString(System.currentTimeMillis() / 1000 - 1);
        try (DockerSocket watching = DockerSocket.to(daemon)) {
            watching.send("GET", "/events?filters=%7b%22container%22:[%22seen%22]%7d", new byte[0], "");
            watching.head();
            create("seen", "{'Image':'busybox','Cmd':['true'],'Labels':{'l':'v'}}");
            assertThat(new String(watching.chunk(), StandardCharsets.UTF_8))
                    .contains("\"Action\":\"create\"", "\"name\":\"seen\"", "\"l\":\"v\"");
        }
        remove("seen");
        String until = Long.toString(System.currentTimeMillis() / 1000 + 1);
        assertThat(call(
                                "GET",
                                "/events?since=" + since + "&until=" + until
                                        + "&filters=%7b%22event%22:[%22destroy%22]%7d")
                        .is(200)
                        .text())
                .contains("\"name\":\"seen\"");
    }

    @Test
    void networkWithTheIdOfAnotherAsItsNameDoesNotKeepItFromGoing() throws IOException {
        String id = call("POST", "/networks/create", "{'Name':'first'}")
                .is(201)
                .json()
                .get("Id")
                .textValue();
        call("POST", "/networks/create", "{'Name':'" + id + "'}").is(201);
        call("DELETE", "/networks/" + id).is(204);
        assertThat(call("GET", "/networks/" + id).is(200).json().get("Name").textValue())
                .isEqualTo(id);
        call("DELETE", "/networks/" + id).is(204);
    }

    @Test
    void networksAndVolumesAreFoundByTheirLabels() throws IOException {
        call(
                        "POST",
                        "/networks/create",
                        "{'Name':'api-net','Labels':{'p':'1'},'IPAM':{'Config':[{'Subnet':'10.213.0.0/24'}]}}")
                .is(201);
        call("POST", "/volumes/create", "{'Name':'api-vol','Labels':{'p':'1'}}").is(201);
        String filter = "?filters=%7b%22label%22:%7b%22p=1%22:true%7d%7d";
        assertThat(call("GET", "/networks" + filter).json()).hasSize(1);
        assertThat(call("GET", "/networks/" + filter).json()).hasSize(1);
        assertThat(call("GET", "/volumes" + filter).json().get("Volumes")).hasSize(1);
        create(
                "member",
                "{'Image':'busybox','Cmd':['sleep','1000'],'HostConfig':{'NetworkMode':'api-net','Binds':['api-vol:/v']},"
                        + "'NetworkingConfig':{'EndpointsConfig':{'api-net':{'Aliases':['other']}}}}");
        call("POST", "/containers/member/start").is(204);
        JsonNode inspected = call("GET", "/containers/member/json").json();
        JsonNode endpoint = inspected.get("NetworkSettings").get("Networks").get("api-net");
        assertThat(endpoint.get("IPAddress").textValue()).startsWith("10.213.0.");
        assertThat(endpoint.get("Aliases").toString()).isEqualTo("[\"other\"]");
        JsonNode row = call("GET", "/containers/json?filters=%7b%22network%22:[%22api-net%22]%7d")
                .json()
                .get(0);
        assertThat(row.get("Names").toString()).isEqualTo("[\"/member\"]");
        assertThat(row.get("Status").textValue()).startsWith("Up ");
        assertThat(call("DELETE", "/networks/api-net").is(409).text()).contains("api-net");
        remove("member");
        call("DELETE", "/networks/api-net").is(204);
        call("DELETE", "/volumes/api-vol").is(204);
    }

    @Test
    void restartKeepsAContainerThatIsRemovedAtItsExit() throws IOException {
        String id = create("kept", "{'Image':'busybox','Cmd':['sleep','1000'],'HostConfig':{'AutoRemove':true}}");
        call("POST", "/containers/kept/start").is(204);
        call("POST", "/containers/kept/restart?t=0").is(204);
        assertThat(call("GET", "/containers/" + id + "/json")
                        .is(200)
                        .json()
                        .at("/State/Status")
                        .textValue())
                .isEqualTo("running");
        call("POST", "/containers/kept/stop?t=0").is(204);
        await().untilAsserted(() -> call("GET", "/containers/kept/json").is(404));
    }

    @Test
    void restartTakesPlaceThoughTheClientHasGone() throws Exception {
        create(
                "left",
                "{'Image':'busybox','Cmd':['sh','-c','asked() { echo asked; }; trap asked TERM; echo ready;"
                        + " while :; do sleep 0.1; done']}");
        call("POST", "/containers/left/start").is(204);
        String begun = started("left");
        await().until(() -> logs("left").contains("ready"));
        try (DockerSocket client = DockerSocket.to(daemon)) {
            client.send("POST", "/containers/left/restart?t=2", new byte[0], "");
            await().until(() -> logs("left").contains("asked"));
        }
        await().until(() -> !started("left").equals(begun));
        remove("left");
    }

    private static String started(String name) throws IOException {
        return call("GET", "/containers/" + name + "/json")
                .is(200)
                .json()
                .at("/State/StartedAt")
                .textValue();
    }

    private static String logs(String name) throws IOException {
        return call("GET", "/containers/" + name + "/logs?stdout=1&stderr=1")
                .is(200)
                .text();
    }

    @Test
    void terminalHasTheSizeThatTheExecWasMadeWith() throws IOException {
        create("sized", "{'Image':'busybox','Cmd':['sleep','1000']}");
        call("POST", "/containers/sized/start").is(204);
        String exec = call(
                        "POST",
                        "/containers/sized/exec",
                        "{'Cmd':['stty','size'],'Tty':true,'AttachStdout':true,'ConsoleSize':[57,123]}")
                .is(201)
                .json()
                .get("Id")
                .textValue();
        try (DockerSocket client = DockerSocket.to(daemon)) {
            assertThat(client.upgrade("/exec/" + exec + "/start", "{'Tty':true}")
                            .status())
                    .isEqualTo(101);
            assertThat(new String(client.input().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("57 123");
        }
        assertThat(call("POST", "/exec/" + exec + "/resize?h=-1&w=40").is(400).text())
                .contains("invalid resize height \\\"-1\\\": value out of range");
        assertThat(call("POST", "/exec/" + exec + "/resize?h=40&w=40").is(409).text())
                .contains("is not running");
        remove("sized");
        create("still", "{'Image':'busybox','Tty':true}");
        assertThat(call("POST", "/containers/still/resize?h=40&w=40").is(409).text())
                .contains("is not running");
        remove("still");
    }

    @Test
    void pathsOfTheKernelAreHiddenAsAsked() throws IOException {
        create(
                "open",
                "{'Image':'busybox','Cmd':['sh','-c','mount'],'HostConfig':{'MaskedPaths':[],'ReadonlyPaths':['/proc/bus']}}");
        JsonNode host = call("GET", "/containers/open/json").json().get("HostConfig");
        assertThat(host.get("MaskedPaths").toString()).isEqualTo("[]");
        assertThat(host.get("ReadonlyPaths").toString()).isEqualTo("[\"/proc/bus\"]");
        call("POST", "/containers/open/start").is(204);
        call("POST", "/containers/open/wait").is(200);
        assertThat(logs("open")).contains(" /proc/bus ").doesNotContain(" /proc/keys ", " /proc/sys ");
        remove("open");
    }

    @Test
    void volumeWithoutANameIsShownAsItWasAskedFor() throws IOException {
        create(
                "nameless",
                "{'Image':'busybox','Volumes':{'/place':{}},'HostConfig':{'Mounts':[{'Type':'volume','Target':'/mount'}]}}");
        JsonNode inspected = call("GET", "/containers/nameless/json").json();
        assertThat(inspected.get("Config").get("Volumes").toString()).isEqualTo("{\"/place\":{}}");
        assertThat(inspected
                        .get("HostConfig")
                        .get("Mounts")
                        .get(0)
                        .get("Target")
                        .textValue())
                .isEqualTo("/mount");
        assertThat(inspected.get("Mounts"))
                .extracting(mount -> mount.get("Destination").textValue() + " "
                        + mount.get("Mode").textValue())
                .containsExactlyInAnyOrder("/place ", "/mount z");
        remove("nameless");
    }

    @Test
    void statsHaveTheCountsThatClientsComputeWith() throws IOException {
        create("busy", "{'Image':'busybox','Cmd':['sh','-c','while :; do :; done']}");
        call("POST", "/containers/busy/start").is(204);
        JsonNode stats = call("GET", "/containers/busy/stats?stream=0").is(200).json();
        long used = stats.at("/cpu_stats/cpu_usage/total_usage").longValue()
                - stats.at("/precpu_stats/cpu_usage/total_usage").longValue();
        long host = stats.at("/cpu_stats/system_cpu_usage").longValue()
                - stats.at("/precpu_stats/system_cpu_usage").longValue();
        assertThat(used).isPositive();
        assertThat(host).isGreaterThanOrEqualTo(used / 2);
        assertThat(stats.at("/memory_stats/limit").longValue()).isPositive();
        JsonNode one = call("GET", "/containers/busy/stats?stream=0&one-shot=1")
                .is(200)
                .json();
        assertThat(one.at("/cpu_stats/cpu_usage/total_usage").longValue()).isPositive();
        assertThat(one.at("/precpu_stats/cpu_usage/total_usage").longValue()).isZero();
        assertThat(one.get("precpu_stats").has("system_cpu_usage")).isFalse();
        assertThat(one.get("preread").textValue()).isEqualTo("0001-01-01T00:00:00Z");
        call("POST", "/containers/busy/update", "{'PidsLimit':20}").is(200);
        call("POST", "/containers/busy/update", "{'PidsLimit':-1}").is(200);
        assertThat(call("GET", "/containers/busy/json")
                        .json()
                        .at("/HostConfig/PidsLimit")
                        .longValue())
                .isZero();
        call("POST", "/containers/busy/unpause").is(500);
        remove("busy");
    }

    @Test
    void terminalHasTheSizeOfTheCreationAtFirst() throws IOException {
        create(
                "sized",
                "{'Image':'busybox','Tty':true,'Cmd':['stty','size'],'Volumes':{'/v':{}},"
                        + "'HostConfig':{'ConsoleSize':[57,123],'Binds':['sized:/v']}}");
        JsonNode inspected = call("GET", "/containers/sized/json").is(200).json();
        assertThat(inspected.at("/HostConfig/ConsoleSize")).hasToString("[57,123]");
        assertThat(inspected.at("/Config/Volumes")).hasToString("{\"/v\":{}}");
        call("POST", "/containers/sized/start").is(204);
        call("POST", "/containers/sized/wait").is(200);
        assertThat(call("GET", "/containers/sized/logs?stdout=1").is(200).text())
                .contains("57 123");
        remove("sized");
    }

    @Test
    void buildTellsItsStepsAndWhyTheyWereNotCached() throws IOException {
        assertThat(build("one").is(200).text())
                .contains(
                        "\"stream\":\"Step 2/3 : COPY f /f\"",
                        "\"stream\":\"Successfully tagged api-built:latest\\n\"");
        assertThat(build("one").text()).contains(" ---> Using cache");
        assertThat(build("two").text()).contains(" ---> Not cached: COPY f /f: 1 of 1 file changed: f (content)");
        JsonNode inspected = call("GET", "/images/api-built/json").is(200).json();
        assertThat(inspected.at("/Config/Labels/made").textValue()).isEqualTo("here");
        assertThat(call("GET", "/images/json?filters=%7b%22reference%22:[%22api-built%22]%7d")
                        .json())
                .hasSize(1);
        assertThat(call("DELETE", "/images/api-built").is(200).text()).contains("\"Untagged\":\"api-built:latest\"");
    }

    private static DockerSocket.Answer build(String content) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(tar)) {
            for (Map.Entry<String, String> file : Map.of(
                            "Dockerfile", "FROM busybox\nCOPY f /f\nRUN cat /f\n", "f", content)
                    .entrySet()) {
                byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(bytes.length);
                out.putArchiveEntry(entry);
                out.write(bytes);
                out.closeArchiveEntry();
            }
        }
        try (DockerSocket socket = DockerSocket.to(daemon)) {
            socket.send(
                    "POST",
                    "/build?t=api-built&labels=%7b%22made%22:%22here%22%7d",
                    tar.toByteArray(),
                    "Content-Type: application/x-tar\r\n");
            return socket.answer("POST");
        }
    }

    @Test
    void archiveOfAnImageIsSavedAndLoaded() throws IOException {
        DockerSocket.Answer nothing = call("GET", "/images/get").is(200);
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(nothing.body()))) {
            assertThat(in.getNextEntry().getName()).isEqualTo("oci-layout");
        }
        byte[] saved = call("GET", "/images/busybox/get").is(200).body();
        try (DockerSocket socket = DockerSocket.to(daemon)) {
            socket.send("POST", "/images/load", saved, "Content-Type: application/x-tar\r\n");
            assertThat(socket.answer("POST").is(200).text()).contains("Loaded image: busybox:latest");
        }
        try (DockerSocket socket = DockerSocket.to(daemon)) {
            socket.send("POST", "/images/load", "abc".getBytes(StandardCharsets.UTF_8), "");
            assertThat(socket.answer("POST").is(200).text()).contains("errorDetail");
        }
    }

    @Test
    void clientThatGoesAwayLeavesNothingBehind() throws Exception {
        create("quiet", "{'Image':'busybox','Cmd':['sleep','1000'],'OpenStdin':true}");
        call("POST", "/containers/quiet/start").is(204);
        long before = daemon.threads();
        for (int i = 0; i < 50; i++) {
            try (DockerSocket attached = DockerSocket.to(daemon);
                    DockerSocket waiting = DockerSocket.to(daemon)) {
                attached.upgrade("/containers/quiet/attach?stdin=1&" + OUT, "");
                waiting.send("POST", "/containers/quiet/wait", new byte[0], "");
                waiting.head();
            }
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(daemon.threads()).isLessThan(before + 10));
        remove("quiet");
    }

    @Test
    void whatIsDoneInAContainerIsTold() throws Exception {
        create("told", "{'Image':'busybox','Cmd':['sleep','1000'],'Labels':{'a':'b'},'Tty':true,'OpenStdin':true}");
        call("POST", "/containers/told/start").is(204);
        String exec = call("POST", "/containers/told/exec", "{'Cmd':['sh','-c','exit 3'],'AttachStdout':true}")
                .is(201)
                .json()
                .get("Id")
                .textValue();
        try (DockerSocket socket = DockerSocket.to(daemon)) {
            socket.upgrade("/exec/" + exec + "/start", "{}");
            socket.input().readAllBytes();
        }
        try (DockerSocket socket = DockerSocket.to(daemon)) {
            socket.upgrade("/containers/told/attach?stdin=1&detachKeys=a&" + OUT, "");
            socket.write("a".getBytes(StandardCharsets.US_ASCII));
            socket.input().readAllBytes();
        }
        call("POST", "/containers/told/resize?h=30&w=100").is(200);
        call("GET", "/containers/told/top").is(200);
        call("GET", "/containers/told/archive?path=/bin/sleep").is(200);
        call("GET", "/containers/told/export").is(200);
        call("POST", "/commit?container=told&repo=told&comment=why").is(201);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            String events = call(
                            "GET",
                            "/events?since=1&until=" + (System.currentTimeMillis() / 1000 + 1)
                                    + "&filters=%7b%22container%22:[%22told%22]%7d")
                    .text();
            assertThat(events.lines().map(DockerApiIT::action))
                    .containsSubsequence("create", "start", "exec_create: sh -c exit 3", "exec_start: sh -c exit 3")
                    .containsSubsequence("attach", "detach", "resize", "top", "archive-path", "export", "commit");
            assertThat(events)
                    .containsPattern("exec_die.*\"a\":\"b\".*\"execID\":\"" + exec + "\",\"exitCode\":\"3\"")
                    .contains("\"height\":\"30\"", "\"path\":\"/bin/sleep\"", "\"comment\":\"why\"");
        });
        remove("told");
        call("DELETE", "/images/told").is(200);
    }

    private static String action(String event) {
        try {
            return new ObjectMapper().readTree(event).get("Action").textValue();
        } catch (IOException malformed) {
            throw new AssertionError(event, malformed);
        }
    }

    static Stream<String> garbage() {
        return Stream.of(
                "\0\1\2\3 garbage\r\n\r\n",
                "GET /_ping HTTP/1.1\r\nA: " + "a".repeat(1 << 20) + "\r\n\r\n",
                "POST /containers/create HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "GET " + "/a".repeat(1 << 17) + " HTTP/1.1\r\n\r\n");
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("garbage")
    void whatIsNoRequestEndsItsConnectionAlone(String garbage) throws IOException {
        try (DockerSocket socket = DockerSocket.to(daemon)) {
            assertThatThrownBy(() -> {
                        socket.write(garbage.getBytes(StandardCharsets.ISO_8859_1));
                        socket.head();
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(call("GET", "/_ping").is(200).text()).isEqualTo("OK");
    }

    @Test
    void bodyOfManySmallThingsTakesLittleMemory() throws Exception {
        byte[] bomb = ("{\"Env\":[" + "[],".repeat(600_000) + "[]]}").getBytes(StandardCharsets.UTF_8);
        List<Thread> clients = Stream.generate(() -> Thread.ofVirtual().unstarted(() -> {
                    try (DockerSocket socket = DockerSocket.to(daemon)) {
                        socket.send("POST", "/containers/create", bomb, "");
                        socket.answer("POST").is(400);
                    } catch (IOException broken) {
                        throw new AssertionError(broken);
                    }
                }))
                .limit(8)
                .toList();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        clients.forEach(client -> client.setUncaughtExceptionHandler((_, thrown) -> failure.set(thrown)));
        clients.forEach(Thread::start);
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failure.get()).isNull();
        assertThat(call("GET", "/_ping").is(200).text()).isEqualTo("OK");
    }

    @Test
    void requestsThatFollowEachOtherAreAllAnswered() throws Exception {
        try (DockerSocket client = DockerSocket.to(daemon)) {
            for (int i = 0; i < 3000; i++) {
                client.send("GET", "/_ping", new byte[0], "");
                client.answer("GET").is(200);
                client.send("GET", "/volumes", new byte[0], "");
                client.answer("GET").is(200);
            }
        }
    }

    @Test
    void bodyThatIsTooLargeIsRefusedAndTheConnectionGoesOn() throws IOException {
        try (DockerSocket socket = DockerSocket.to(daemon)) {
            socket.send("POST", "/containers/create", new byte[(2 << 20) + 1], "");
            socket.answer("POST").is(400);
        }
        assertThat(call("GET", "/_ping").is(200).text()).isEqualTo("OK");
    }
}
