using System.Globalization;
using System.Text.Json;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>Calls about the chain and its blocks.</summary>
internal static class ChainCalls
{
    public static IEnumerable<RpcMethod> Create(SimulatedDaemon daemon)
    {
        var chain = daemon.Chain;
        yield return RpcMethod.Of("getblockchaininfo", [], (_, result) => WriteInfo(daemon, result));
        yield return RpcMethod.Of("getbestblockhash", [], (_, result) =>
            result.WriteStringValue(chain.Tip.Hash.ToString()));
        yield return RpcMethod.Of("getblockcount", [], (_, result) => result.WriteNumberValue(chain.Height));
        yield return RpcMethod.Of("getdifficulty", [], (_, result) =>
            result.WriteNumberValue(MiningCalls.Reported(chain.Tip.Header.Bits)));
        yield return RpcMethod.Of("getblockhash", ["height"], (arguments, result) =>
            result.WriteStringValue(HashAt(chain, arguments.Integer(0)).ToString()));
        yield return RpcMethod.Of("getblockheader", ["blockhash", "verbose"], (arguments, result) =>
            WriteHeader(chain, Find(chain, arguments), Verbosity(arguments, 1), result));
        yield return RpcMethod.Of("getblock", ["blockhash", "verbosity"], (arguments, result) =>
            WriteBlock(chain, Find(chain, arguments), Verbosity(arguments, 1), result));
        yield return RpcMethod.Of("invalidateblock", ["blockhash"], (arguments, result) =>
        {
            if (!chain.InvalidateBlock(Find(chain, arguments).Hash))
            {
                throw new SimulatedRpcException(-8, "The chain's first block stays");
            }

            result.WriteNullValue();
        });
        yield return RpcMethod.Of("reconsiderblock", ["blockhash"], (arguments, result) =>
        {
            chain.ReconsiderBlock(Find(chain, arguments).Hash);
            result.WriteNullValue();
        });
        yield return RpcMethod.Of("getchaintips", [], (_, result) => WriteTips(chain, result));
        yield return RpcMethod.Of("getrawmempool", [], (_, result) => WriteMempool(chain, result));
    }

    private static void WriteInfo(SimulatedDaemon daemon, Utf8JsonWriter result)
    {
        var chain = daemon.Chain;
        var tip = chain.Tip;
        bool syncing = daemon.Mood == SimulatedDaemonMood.Syncing;
        result.WriteStartObject();
        result.WriteString("chain", chain.Network.ChainName);
        result.WriteNumber("blocks", tip.Height);
        result.WriteNumber("headers", syncing ? 2 * tip.Height + 1 : tip.Height);
        result.WriteString("bestblockhash", tip.Hash.ToString());
        result.WriteNumber("difficulty", MiningCalls.Reported(tip.Header.Bits));
        result.WriteNumber("mediantime", chain.MedianTime(tip));
        result.WriteNumber("verificationprogress", syncing ? 0.5 : 1);
        result.WriteBoolean("initialblockdownload", syncing);
        result.WriteString("chainwork", chain.Work.ToString("x64", CultureInfo.InvariantCulture)[^64..]);
        result.WriteNumber("size_on_disk", 0);
        result.WriteBoolean("pruned", false);
        result.WriteStartObject("softforks");
        result.WriteEndObject();
        result.WriteString("warnings", "");
        result.WriteEndObject();
    }

    /// <summary>Block 0 is known wherever the pretended chain begins: by it a coin is told from others.</summary>
    private static Hash256 HashAt(SimulatedChain chain, long height) =>
        chain.FindBlock(height)?.Hash ?? (height == 0 ? chain.Network.GenesisHash : null)
        ?? throw new SimulatedRpcException(-8, "Block height out of range");

    private static SimulatedBlock Find(SimulatedChain chain, RpcArguments arguments)
    {
        string text = arguments.String(0);
        if (!Hash256.TryParse(text, out var hash))
        {
            throw new SimulatedRpcException(-8, $"blockhash must be of length 64 (not {text.Length}) and hexadecimal");
        }

        return chain.FindBlock(hash) ?? throw new SimulatedRpcException(-5, "Block not found");
    }

    // A number, or a boolean as in the days before verbosity 2.
    private static long Verbosity(RpcArguments arguments, int index) => arguments[index].ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => arguments.Integer(index, 1),
    };

    private static void WriteHeader(SimulatedChain chain, SimulatedBlock block, long verbosity, Utf8JsonWriter result)
    {
        if (verbosity == 0)
        {
            Span<byte> bytes = stackalloc byte[BlockHeader.Size];
            block.Header.Write(bytes);
            result.WriteStringValue(Convert.ToHexStringLower(bytes));
            return;
        }

        result.WriteStartObject();
        WriteHeaderMembers(chain, block, result);
        result.WriteEndObject();
    }

    private static void WriteHeaderMembers(SimulatedChain chain, SimulatedBlock block, Utf8JsonWriter result)
    {
        long confirmations = chain.Confirmations(block);
        var header = block.Header;
        result.WriteString("hash", block.Hash.ToString());
        result.WriteNumber("confirmations", confirmations);
        result.WriteNumber("height", block.Height);
        result.WriteNumber("version", (int)header.Version);
        result.WriteString("versionHex", header.Version.ToString("x8", CultureInfo.InvariantCulture));
        result.WriteString("merkleroot", header.MerkleRoot.ToString());
        result.WriteNumber("time", header.Time);
        result.WriteNumber("mediantime", confirmations > 0 ? chain.MedianTime(block) : header.Time);
        result.WriteNumber("nonce", header.Nonce);
        result.WriteString("bits", header.Bits.ToString());
        result.WriteNumber("difficulty", MiningCalls.Reported(header.Bits));
        result.WriteNumber("nTx", block.TransactionCount);
        if (!header.PreviousBlock.Equals(Hash256.Zero))
        {
            result.WriteString("previousblockhash", header.PreviousBlock.ToString());
        }

        if (confirmations > 1 && chain.FindBlock(block.Height + 1) is { } next)
        {
            result.WriteString("nextblockhash", next.Hash.ToString());
        }
    }

    private static void WriteBlock(SimulatedChain chain, SimulatedBlock block, long verbosity, Utf8JsonWriter result)
    {
        if (block.Bytes.IsEmpty)
        {
            throw new SimulatedRpcException(-1, "Block not available (pruned data)");
        }

        if (verbosity <= 0)
        {
            result.WriteStringValue(Convert.ToHexStringLower(block.Bytes.Span));
            return;
        }

        var decoded = BlockDecoder.Decode(block.Bytes, chain.Coin);
        var transactions = decoded.Transactions;
        int stripped = block.Bytes.Length - transactions.Sum(t => t.Data.Length - t.Stripped.Length)
            - (decoded.Mweb?.Length + 1 ?? 0);
        result.WriteStartObject();
        WriteHeaderMembers(chain, block, result);
        result.WriteNumber("strippedsize", stripped);
        result.WriteNumber("size", block.Bytes.Length);
        result.WriteNumber("weight", 4 * stripped + transactions.Sum(t => t.Weight - 4 * t.Stripped.Length));
        result.WriteStartArray("tx");
        foreach (var transaction in transactions)
        {
            if (verbosity == 1)
            {
                result.WriteStringValue(transaction.TxId.ToString());
            }
            else
            {
                TransactionJson.Write(result, transaction, chain.Network);
            }
        }

        result.WriteEndArray();
        result.WriteEndObject();
    }

    private static void WriteTips(SimulatedChain chain, Utf8JsonWriter result)
    {
        result.WriteStartArray();
        foreach (var tip in chain.Tips())
        {
            result.WriteStartObject();
            result.WriteNumber("height", tip.Block.Height);
            result.WriteString("hash", tip.Block.Hash.ToString());
            result.WriteNumber("branchlen", tip.Length);
            result.WriteString("status", tip.Length == 0 ? "active" : tip.Sound ? "valid-fork" : "invalid");
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }

    private static void WriteMempool(SimulatedChain chain, Utf8JsonWriter result)
    {
        result.WriteStartArray();
        foreach (var transaction in chain.Snapshot().Waiting)
        {
            result.WriteStringValue(transaction.Template.TxId.ToString());
        }

        result.WriteEndArray();
    }
}
