-- Requests for wrk. Arguments after "--": KIND [RATE]. KIND is recommend, tutorial, event, user or trivial. RATE is how many
-- requests per second this thread sends at the most; without it, every connection sends as soon as it is answered.
--
-- recommend: 50 random events of the model in the body.  tutorial: the same items, as {"input": [...]}.
-- event: one event of one of 100,000 users.              trivial: a body of 50 bytes.
-- user: a list for one of STORED_USERS users of the store (an environment variable).
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } bench_time;
  int clock_gettime(int clock, bench_time *time);
]]

local items, users, prepared = 10000, 100000, 997
local kind, rate, bodies, at, next_time

local function now()  -- in seconds
  local time = ffi.new("bench_time")
  ffi.C.clock_gettime(1, time)
  return tonumber(time.seconds) + tonumber(time.nanoseconds) * 1e-9
end

local function fifty_items(form)
  local ids = {}
  for i = 1, 50 do ids[i] = string.format(form, math.random(0, items - 1)) end
  return table.concat(ids, ",")
end

local make = {
  recommend = function() return "/v1/recommend", '{"k":10,"events":[' .. fifty_items('"item-%d"') .. "]}" end,
  tutorial = function() return "/recommend", '{"input":[' .. fifty_items("%d") .. "]}" end,
  event = function()
    return "/v1/events", string.format('{"user":"user-%d","id":"item-%d"}', math.random(1, users), math.random(0, items - 1))
  end,
  user = function()
    local count = tonumber(os.getenv("STORED_USERS"))
    return "/v1/recommend", string.format('{"user":"user-%d","k":10}', math.random(0, count - 1))
  end,
  trivial = function() return "/", string.rep("x", 50) end,
}

local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("seed", threads)
end

function init(arguments)
  kind, rate = arguments[1], tonumber(arguments[2])
  math.randomseed(seed * 7919)
  -- Made before the run, so that the load generator's own work is small.
  bodies, at = {}, 0
  for i = 1, (kind == "event" or kind == "user") and 50000 or prepared do
    local path, body = make[kind]()
    bodies[i] = wrk.format("POST", path, { ["Content-Type"] = "application/json" }, body)
  end
end

function request()
  at = at % #bodies + 1
  return bodies[at]
end

-- Connections take turns in one schedule: a slow answer does not make the next request wait.
function delay()
  if not rate then return 0 end
  local time = now()
  next_time = math.max((next_time or time) + 1 / rate, time - 1)
  return math.max(0, math.floor((next_time - time) * 1000 + math.random()))
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"rate": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, "requests": %d, "errors": %d}\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000, summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
