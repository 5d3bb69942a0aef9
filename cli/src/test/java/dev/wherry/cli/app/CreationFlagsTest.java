package dev.wherry.cli.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.v1.ContainerMount;
import dev.wherry.v1.CreateContainerRequest;
import dev.wherry.v1.Device;
import dev.wherry.v1.DeviceRate;
import dev.wherry.v1.HealthCheck;
import dev.wherry.v1.NetworkAttachment;
import dev.wherry.v1.PortBinding;
import dev.wherry.v1.ResourceLimit;
import dev.wherry.v1.Resources;
import dev.wherry.v1.RestartPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the flags of {@code create} ask of the daemon, written as docker's users write them. */
@Timeout(60)
class CreationFlagsTest {
    @TempDir
    private Path folder;

    private FakeDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        daemon = new FakeDaemon(folder.resolve("wherryd.sock"));
        daemon.images.put("app", true);
    }

    @AfterEach
    void stop() throws InterruptedException {
        daemon.close();
    }

    @Test
    void limitsAreReadInDockersUnits() {
        Resources resources = created(
                        "-m 512m --memory-reservation 1.5g --memory-swap -1 --memory-swappiness 0 --cpus 1.5 -c 512"
                                + " --cpu-period 100000 --cpu-quota 50000 --cpuset-cpus 0-2 --cpuset-mems 0 --pids-limit 99"
                                + " --blkio-weight 300 --oom-score-adj -500 --oom-kill-disable --cgroup-parent /g"
                                + " --device-read-bps /dev/sda:1mb --device-write-iops /dev/sda:30")
                .getResources();

        assertThat(resources)
                .isEqualTo(Resources.newBuilder()
                        .setMemoryBytes(512 << 20)
                        .setMemoryReservationBytes(3L << 29)
                        .setMemorySwapBytes(-1)
                        .setMemorySwappiness(0)
                        .setNanoCpus(1_500_000_000)
                        .setCpuShares(512)
                        .setCpuPeriod(100_000)
                        .setCpuQuota(50_000)
                        .setCpusetCpus("0-2")
                        .setCpusetMems("0")
                        .setPidsLimit(99)
                        .setBlkioWeight(300)
                        .setOomScoreAdj(-500)
                        .setOomKillDisable(true)
                        .setCgroupParent("/g")
                        .addReadBytes(
                                DeviceRate.newBuilder().setPath("/dev/sda").setRate(1 << 20))
                        .addWriteOperations(
                                DeviceRate.newBuilder().setPath("/dev/sda").setRate(30))
                        .build());
    }

    @Test
    void isolationIsWhatWasAskedFor() throws IOException {
        Files.writeString(folder.resolve("profile.json"), "{ \"defaultAction\": \"SCMP_ACT_ALLOW\" }\n");
        CreateContainerRequest request =
                created("--privileged --read-only --cap-add NET_ADMIN --cap-drop ALL --pid host --ipc container:other"
                        + " --uts host --cgroupns private --userns host --sysctl net.core.somaxconn=9 --group-add wheel"
                        + " --device /dev/a --device /dev/a:/dev/b --device /dev/a:r --device /dev/a:/dev/b:rw"
                        + " --ulimit nofile=1:2 --ulimit core=-1 --security-opt no-new-privileges"
                        + " --security-opt apparmor:mine --security-opt seccomp="
                        + folder.resolve("profile.json"));

        assertThat(request.getIsolation().getSecurityOptionsList())
                .containsExactly(
                        "no-new-privileges", "apparmor=mine", "seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\"}");
        assertThat(request.getIsolation().getDevicesList())
                .containsExactly(
                        device("/dev/a", "/dev/a", "rwm"),
                        device("/dev/a", "/dev/b", "rwm"),
                        device("/dev/a", "/dev/a", "r"),
                        device("/dev/a", "/dev/b", "rw"));
        assertThat(request.getIsolation().getLimitsList())
                .containsExactly(limit("nofile", 1, 2), limit("core", -1, -1));
        assertThat(request.getIsolation().getSysctlsMap()).containsExactly(Map.entry("net.core.somaxconn", "9"));
        assertThat(request.getIsolation().getPrivileged()).isTrue();
        assertThat(request.getIsolation().getIpc()).isEqualTo("container:other");
    }

    @Test
    void volumesAreNamedOrMadeUp() {
        CreateContainerRequest request = created(
                "-v data:/a:ro,nocopy -v /b --mount src=logs,dst=/c,volume-nocopy,"
                        + "volume-subpath=x/y,volume-driver=local,volume-opt=type=nfs,volume-opt=o=addr=nas,volume-label=team=web"
                        + " --mount type=image,src=app,dst=/d,image-subpath=bin --volumes-from web:ro --volume-driver local app");

        assertThat(request.getVolumesFromList()).containsExactly("web:ro");
        assertThat(request.getVolumeDriver()).isEqualTo("local");
        ContainerMount named = request.getMounts(0);
        assertThat(named.getType() + " " + named.getSource() + " " + named.getTarget())
                .isEqualTo("volume data /a");
        assertThat(named.getReadOnly() && named.getNoCopy() && named.getCreateSource())
                .isTrue();
        assertThat(request.getMounts(1).getSource()).isEmpty();
        assertThat(request.getMounts(1).getType()).isEqualTo("volume");
        ContainerMount described = request.getMounts(2);
        assertThat(described.getVolumeOptionsMap()).containsOnly(Map.entry("type", "nfs"), Map.entry("o", "addr=nas"));
        assertThat(described.getVolumeLabelsMap()).containsOnly(Map.entry("team", "web"));
        assertThat(described.getSubpath()).isEqualTo("x/y");
        assertThat(described.getCreateSource()).isFalse();
        assertThat(request.getMounts(3).getType()).isEqualTo("image");
        assertThat(request.getMounts(3).getSubpath()).isEqualTo("bin");
    }

    @Test
    void mountsAreBindsAndMemory() {
        List<ContainerMount> mounts = created(
                        "-v /srv/../etc:/a/ -v /x:/b:ro,z,rshared --mount type=bind,src=/y,dst=/c,readonly,bind-propagation=slave"
                                + " --mount type=tmpfs,target=/d,tmpfs-size=1m,tmpfs-mode=1770 --tmpfs /e:rw,size=64m --tmpfs /f"
                                + " --shm-size 128m")
                .getMountsList();

        assertThat(mounts)
                .containsExactly(
                        bind("/etc", "/a").setCreateSource(true).build(),
                        bind("/x", "/b")
                                .setCreateSource(true)
                                .setReadOnly(true)
                                .setPropagation("rshared")
                                .build(),
                        bind("/y", "/c")
                                .setReadOnly(true)
                                .setPropagation("slave")
                                .build(),
                        memory("/d").setTmpfsBytes(1 << 20).setTmpfsMode(01770).build(),
                        memory("/e")
                                .addTmpfsOptions("rw")
                                .addTmpfsOptions("size=64m")
                                .build(),
                        memory("/f").build());
        assertThat(created("-v .:/here").getMounts(0).getSource())
                .isEqualTo(Path.of("").toAbsolutePath().toString());
    }

    @Test
    void healthRestartAndLogAreWhatWasAskedFor() {
        CreateContainerRequest request =
                created("--health-cmd true --health-interval 1m30s --health-timeout 500ms --health-retries 2"
                        + " --health-start-period 1h --health-start-interval 0.5s --restart on-failure:3 --stop-timeout 7"
                        + " --stop-signal HUP --log-driver local --log-opt max-size=10m --init --runtime crun"
                        + " --annotation a=b");

        assertThat(request.getHealth())
                .isEqualTo(HealthCheck.newBuilder()
                        .addTest("CMD-SHELL")
                        .addTest("true")
                        .setIntervalNanos(90_000_000_000L)
                        .setTimeoutNanos(500_000_000)
                        .setRetries(2)
                        .setStartPeriodNanos(3_600_000_000_000L)
                        .setStartIntervalNanos(500_000_000)
                        .build());
        assertThat(request.getRestart())
                .isEqualTo(RestartPolicy.newBuilder()
                        .setName("on-failure")
                        .setMaximumRetries(3)
                        .build());
        assertThat(request.getStopTimeoutSeconds()).isEqualTo(7);
        assertThat(request.getLog().getDriver()).isEqualTo("local");
        assertThat(request.getLog().getOptionsMap()).containsExactly(Map.entry("max-size", "10m"));
        assertThat(request.getInit()).isTrue();
        assertThat(request.getRuntime()).isEqualTo("crun");
        assertThat(request.getAnnotationsMap()).containsExactly(Map.entry("a", "b"));
        assertThat(created("--no-healthcheck").getHealth().getTestList()).containsExactly("NONE");
        assertThat(created("").hasHealth()).isFalse();
    }

    @Test
    void namesAndPortsAreWhatWasAskedFor() {
        CreateContainerRequest request = created(
                "--network container:web --add-host db:10.0.0.7 --add-host six=[fd00::1] --dns 1.1.1.1"
                        + " --dns-search corp.example --dns-option ndots:2 --domainname corp --expose 80 --expose 90-91/udp");

        assertThat(request.getNetwork()).isEqualTo("container:web");
        assertThat(request.getNames().getHostsList()).containsExactly("db:10.0.0.7", "six:fd00::1");
        assertThat(request.getNames().getServersList()).containsExactly("1.1.1.1");
        assertThat(request.getNames().getSearchList()).containsExactly("corp.example");
        assertThat(request.getNames().getOptionsList()).containsExactly("ndots:2");
        assertThat(request.getExposeList()).containsExactly("80/tcp", "90/udp", "91/udp");
    }

    @Test
    void portsArePublishedAsDockerReadsThem() {
        assertThat(created("-p 8080:80 -p 53/UDP -p 127.0.0.1::90 -p [::1]:70:71/sctp -p ::1:72:73")
                        .getPortsList())
                .containsExactly(
                        port(80, "tcp").setHostPort(8080).build(),
                        port(53, "udp").build(),
                        port(90, "tcp").setHostIp("127.0.0.1").build(),
                        port(71, "sctp").setHostIp("::1").setHostPort(70).build(),
                        port(73, "tcp").setHostIp("::1").setHostPort(72).build());
        assertThat(created("-p 1000-1001:80-81 -p 2000-2005:90 -p target=70,published=71,protocol=udp")
                        .getPortsList())
                .containsExactly(
                        port(80, "tcp").setHostPort(1000).build(),
                        port(81, "tcp").setHostPort(1001).build(),
                        port(90, "tcp").setHostPort(2000).setHostPortEnd(2005).build(),
                        port(70, "udp").setHostPort(71).build());
        assertThat(created("-P").getPublishAllPorts()).isTrue();
    }

    @Test
    void flagsAboutAddressesMeanTheFirstNetwork() {
        CreateContainerRequest request = created("--network name=front,alias=www,driver-opt=a=b,gw-priority=-1"
                + " --network back --ip 10.9.0.7 --ip6 fd00::7 --mac-address 02:42:0a:09:00:07 --link db:data");

        assertThat(request.getNetwork()).isEqualTo("front");
        assertThat(request.getAttachmentsList())
                .containsExactly(
                        NetworkAttachment.newBuilder()
                                .setNetwork("front")
                                .addAliases("www")
                                .putDriverOptions("a", "b")
                                .setGatewayPriority(-1)
                                .setIpv4Address("10.9.0.7")
                                .setIpv6Address("fd00::7")
                                .setMacAddress("02:42:0a:09:00:07")
                                .build(),
                        NetworkAttachment.newBuilder().setNetwork("back").build());
        assertThat(request.getLinksList()).containsExactly("db:data");
        assertThat(created("--network default --network-alias www").getAttachments(0))
                .isEqualTo(NetworkAttachment.newBuilder().addAliases("www").build());
    }

    @Test
    void filesComeBeforeTheCommandLine() throws IOException {
        Files.writeString(folder.resolve("env"), "# comment\nA=1\nB=2\n");
        Files.writeString(folder.resolve("labels"), "x=1\ny\n");

        CreateContainerRequest request = created(
                "-e A=3 --env-file " + folder.resolve("env") + " -l x=2 --label-file " + folder.resolve("labels"));

        assertThat(request.getEnvList()).containsExactly("A=1", "B=2", "A=3");
        assertThat(request.getLabelsMap()).containsOnly(Map.entry("x", "2"), Map.entry("y", ""));
    }

    @Test
    void flagsThatAreGivenOrNotTakeAValueToo() {
        assertThat(created("--init=true --rm=false --privileged=1").getInit()).isTrue();
        assertThat(daemon.created.get().getAutoRemove()).isFalse();
        assertThat(daemon.created.get().getIsolation().getPrivileged()).isTrue();
        assertThat(refused("--rm=maybe")).isEqualTo("invalid argument \"maybe\" for \"--rm\" flag: give true or false");
    }

    @Test
    void idIsWrittenToANewFileOnly() throws IOException {
        Path file = folder.resolve("id");

        created("--cidfile " + file);
        assertThat(file).hasContent("c1");
        assertThat(refused("--cidfile " + file))
                .startsWith("container ID file found")
                .endsWith(file.toString());
        assertThat(file).hasContent("c1");

        Files.delete(file);
        assertThat(create("--pull never --cidfile " + file, "absent").exitCode())
                .isEqualTo(1);
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            -m xx                           | invalid argument "xx" for "-m, --memory" flag: invalid size: 'xx'
            --cpus 1x                       | invalid argument "1x" for "--cpus" flag: it is not a number of CPUs such as 1.5
            --cpus 1.0000000001             | invalid argument "1.0000000001" for "--cpus" flag: value is too precise
            --device a                      | --device a: a is not an absolute path
            --device /dev/a:/b:xyz          | --device /dev/a:/b:xyz: bad mode specified: xyz
            --mount type=bind,src=/a        | invalid argument "type=bind,src=/a" for "--mount" flag: target is required
            --mount type=npipe,dst=/b       | invalid argument "type=npipe,dst=/b" for "--mount" flag: mount type unknown: "npipe": use bind, volume, tmpfs or image
            --mount src=a,dst=/b,tmpfs-size=1 | invalid argument "src=a,dst=/b,tmpfs-size=1" for "--mount" flag: cannot mix 'tmpfs-*' options with mount type 'volume'
            --mount type=bind,src=/a,dst=/b,bind-recursive=writable | invalid argument "type=bind,src=/a,dst=/b,bind-recursive=writable" for "--mount" flag: option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction
            --mount type=tmpfs,dst=/,ro     | invalid mount type=tmpfs,dst=/,ro: destination can't be '/'
            -v /a:/b:foo                    | invalid volume specification: '/a:/b:foo': invalid mode: foo
            -v data:/b:rshared              | invalid volume specification: 'data:/b:rshared': invalid mode: rshared
            -v /a:/b:nocopy                 | invalid volume specification: '/a:/b:nocopy': invalid mode: nocopy
            -v /a:/b --tmpfs /b             | duplicate mount point: /b
            --restart on-failure:x          | invalid restart policy format: maximum retry count must be an integer
            --restart always:3              | invalid restart policy: maximum retry count can only be used with 'on-failure'
            --rm --restart always           | conflicting options: cannot specify both --restart and --rm
            --health-interval 5             | invalid argument "5" for "--health-interval" flag: missing unit in duration: write 5s for seconds
            --health-interval=-5s           | --health-interval cannot be negative
            --no-healthcheck --health-cmd x | --no-healthcheck conflicts with --health-* options
            --security-opt foo              | Invalid --security-opt: "foo"
            --security-opt seccomp=/nope    | opening seccomp profile (/nope) failed: no such file
            -a foo                          | invalid argument "foo" for "-a, --attach" flag: valid streams are STDIN, STDOUT and STDERR
            --add-host x:y                  | invalid argument "x:y" for "--add-host" flag: invalid IP address in add-host: "y"
            --dns 1.2.3                     | invalid argument "1.2.3" for "--dns" flag: IP address is not correctly formatted: 1.2.3
            --expose 80:90                  | invalid port format for --expose: 80:90
            --memory-swappiness 101         | invalid value: 101. Valid memory swappiness range is 0-100
            --log-driver none --log-opt a=b | invalid logging opts for driver none
            --network name=a,ip=1.2.3.4 --ip 1.2.3.5 | conflicting options: cannot specify both --ip and per-network IPv4 address
            --network name=a,x=y            | invalid argument "name=a,x=y" for "--network" flag: invalid field key x
            --network alias=b               | invalid argument "alias=b" for "--network" flag: network name/id is not specified
            -p 80:x                         | invalid containerPort: x
            -p 70000:80                     | invalid hostPort: 70000
            -p 80:80/icmp                   | invalid proto: icmp
            -p 1.2.3:80:80                  | invalid IP address: 1.2.3
            -p 80:                          | no port specified: 80:<empty>
            -p 80-82:90-91                  | invalid ranges specified for container and host Ports: 90-91 and 80-82
            -p published=80,80              | invalid publish opts format (should be name=value but got '80')
            --pid other                     | --pid: invalid PID mode other
            --gpus all                      | create: --gpus is not supported yet
            """)
    void whatCannotBeIsRefusedInOneLine(String flags, String sentence) {
        assertThat(refused(flags)).isEqualTo(sentence);
    }

    private CreateContainerRequest created(String flags) {
        InProcess.Result result = create(flags, "app");
        assertThat(result.exitCode()).as(result.stderr()).isZero();
        return daemon.created.get();
    }

    private String refused(String flags) {
        InProcess.Result result = create(flags, "app");
        assertThat(result.exitCode()).as(result.stderr()).isEqualTo(125);
        return result.stderr().strip().replaceFirst("^wherry: ", "");
    }

    private InProcess.Result create(String flags, String image) {
        String words = "create " + flags + " " + image;
        return InProcess.wherry(
                "unix://" + folder.resolve("wherryd.sock"), words.strip().split(" +"));
    }

    private static Device device(String host, String inside, String permissions) {
        return Device.newBuilder()
                .setHostPath(host)
                .setContainerPath(inside)
                .setPermissions(permissions)
                .build();
    }

    private static PortBinding.Builder port(int number, String protocol) {
        return PortBinding.newBuilder().setContainerPort(number).setProtocol(protocol);
    }

    private static ResourceLimit limit(String name, long soft, long hard) {
        return ResourceLimit.newBuilder()
                .setName(name)
                .setSoft(soft)
                .setHard(hard)
                .build();
    }

    private static ContainerMount.Builder bind(String source, String target) {
        return ContainerMount.newBuilder().setType("bind").setSource(source).setTarget(target);
    }

    private static ContainerMount.Builder memory(String target) {
        return ContainerMount.newBuilder().setType("tmpfs").setTarget(target);
    }
}
