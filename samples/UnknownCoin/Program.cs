// A coin that the library has never heard of, defined in one expression: its own proof of work, addresses, difficulty
// scale, coinbase and block layout. A server and a client of this process then mine a share and a block of it.
//   dotnet run --project samples/UnknownCoin
using System.Security.Cryptography;
using Stratum.Client;
using Stratum.Mining;
using Stratum.Server;

#pragma warning disable STRATUM001 // CoinbaseBuilder and BlockSerializer may still change their shape

var samplecoin = new Coin
{
    Name = "samplecoin",
    Algorithm = "sha512d",
    ProofOfWork = HashTwice,
    BlockId = HashTwice, // many coins name blocks by sha256d all the same; this one does not
    DifficultyScale = 256, // the target of difficulty 1 is 256 times as large as Bitcoin's
    TemplateRules = [],
    Networks =
    [
        new CoinNetwork
        {
            Name = "mainnet", ChainName = "main", PublicKeyHashPrefix = 63, ScriptHashPrefixes = [125],
            Bech32Prefix = "smpl", RpcPort = 4333, DifficultyMayExceedNetwork = true, // it is a simulation
        },
    ],
    CoinbaseBuilder = PayTheTreasury,
    BlockSerializer = SignedBlock,
};

var network = samplecoin.GetNetwork("mainnet");
var address = Address.FromPublicKeyHash(RandomNumberGenerator.GetBytes(20), network);
Console.WriteLine($"address {Address.Parse(address.Text, samplecoin, network)}");

await using var server = new StratumServer(new StratumServerOptions
{
    Port = 0,
    Difficulty = new Difficulty(1e-6),
    Work = new WorkSourceOptions { VersionMask = samplecoin.VersionMask },
});
server.BlockFound += (_, found) =>
{
    var bytes = found.AssembleBlock();
    Console.WriteLine($"block {found.Height} {found.BlockId}: {bytes.Length} bytes, the last is {bytes[^1]}");
    return default;
};
await server.StartAsync();
await server.BroadcastAsync(Job.FromTemplate(
    new BlockTemplate
    {
        Version = 7,
        PreviousBlock = new Hash256(RandomNumberGenerator.GetBytes(32)),
        Transactions = [],
        CoinbaseValue = 100_000_000,
        Bits = new CompactTarget(0x207fffff),
        CurTime = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        Height = 1_000,
    },
    samplecoin,
    payTo: address,
    new JobOptions { DifficultyMayExceedNetwork = network.DifficultyMayExceedNetwork }));

// The client needs to know nothing about coins: it gets a header to hash and a difficulty on the coin's scale.
await using var client = new StratumClient(StratumClientOptions.Default with { User = address.Text });
await client.ConnectAsync($"stratum+tcp://127.0.0.1:{server.Port}");
await client.LoginAsync();
await foreach (var job in client.Jobs())
{
    var target = Target.FromDifficulty(job.Difficulty, samplecoin.DifficultyScale);
    var extranonce2 = Extranonce.FromUInt64(1, job.Extranonce2Size);
    var hash = new byte[32];
    for (uint nonce = 0; ; nonce++)
    {
        samplecoin.ProofOfWork(job.BuildHeader(extranonce2, job.Time, nonce: nonce), hash);
        if (!target.IsMetBy(new Hash256(hash)))
            continue;
        Console.WriteLine($"share: {await client.SubmitAsync(job, extranonce2, job.Time, nonce)}");
        break;
    }
    break;
}

// SHA-512 twice, cut to 32 bytes.
static void HashTwice(ReadOnlySpan<byte> data, Span<byte> hash)
{
    Span<byte> whole = stackalloc byte[64];
    SHA512.HashData(data, whole);
    SHA512.HashData(whole, whole);
    whole[..32].CopyTo(hash);
}

// A tenth of each block belongs to the treasury: the usual coinbase with one more output.
static Coinbase PayTheTreasury(CoinbaseRequest request)
{
    var (miner, tenth) = (request.Outputs[0], request.Outputs[0].Value / 10);
    byte[] treasury = [0xa9, 20, .. new byte[20], 0x87]; // pay to script hash
    return CoinbaseBuilder.Build(request with
    {
        Outputs = [miner with { Value = miner.Value - tenth }, new CoinbaseOutput(tenth, treasury)],
    });
}

// Behind its transactions a block has the signature of its staker, which is empty in a mined block: one zero byte.
static byte[] SignedBlock(ReadOnlySpan<byte> header, ReadOnlySpan<byte> coinbase, BlockTemplate template) =>
    [.. Block.Assemble(header, coinbase, template), 0];
