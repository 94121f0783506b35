# The only place that names files. Every rule lists its tables, its code and its word lists.
# Lines with ## are the help: `make` prints them.

CORPUS ?= vocational-teachers
UNIT   ?=
METHOD ?=
CODING ?=
BACKGROUND ?=
PYTHON ?= python3
VENV   ?= .venv
# How many jobs run side by side, and how many processes one of them may use. The results are the same for any number.
ifeq ($(JOBS),)
override JOBS := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
unexport JOBS # a stage then starts processes only where they save time
else
export JOBS
endif
# A Dask cluster that does what takes long: docs/cluster.md.
SCHEDULER ?=
export SCHEDULER

# A name becomes a folder: one word, no path, nothing that make or the shell would read as its own.
bad_name = $(filter-out 1,$(words $(1)))$(findstring /,$(1))$(findstring %,$(1))$(findstring ',$(1))$(findstring $$,$(1))$(filter . ..,$(1))
# One to four digits, not all of them zeros.
spaced = $(if $(1),$(call spaced,$(wordlist 2,10,$(1)),$(subst $(firstword $(1)),$(firstword $(1)) ,$(2))),$(2))
digits = $(call spaced,0 1 2 3 4 5 6 7 8 9,$(JOBS))
ifneq ($(or $(filter-out 1,$(words $(JOBS))),$(filter-out 0 1 2 3 4 5 6 7 8 9,$(digits)),$(word 5,$(digits)),$(if $(filter-out 0,$(digits)),,zero)),)
$(error JOBS is the number of processes to use, a whole number from 1 to 9999 是同时使用的进程数，应为 1 至 9999 的整数: '$(JOBS)')
endif
ifneq ($(and $(SCHEDULER),$(filter-out 1,$(words $(SCHEDULER)))$(findstring ',$(SCHEDULER))$(if $(filter tcp://% tls://%,$(SCHEDULER)),,none)),)
$(error SCHEDULER must be the address of a Dask scheduler, as in tcp://host:8786 应为 Dask 调度器的地址，写作 tcp://主机:8786: '$(SCHEDULER)')
endif
ifneq ($(call bad_name,$(CORPUS)),)
$(error CORPUS must be the name of one file or folder in data/raw, without its ending and without blanks 应为 data/raw 中一个文件（不含扩展名）或文件夹的名称，不能有空格: '$(CORPUS)')
endif
ifneq ($(and $(UNIT),$(call bad_name,$(UNIT))),)
$(error UNIT must be region, province, prefecture, year, title or the heading of a column 应为 region、province、prefecture、year、title 或一个列名: '$(UNIT)')
endif
ifneq ($(and $(METHOD),$(filter-out 1,$(words $(METHOD)))$(findstring ',$(METHOD))$(if $(wildcard $(METHOD)/.),,none)),)
$(error METHOD must be a folder with the settings and lists that differ from method/; its name without blanks 应为一个文件夹，内有与 method/ 不同的设置和词表，名称不能有空格: '$(METHOD)')
endif

# Quoted for the shell: a person's own file may have blanks in its name.
CODING_FILE = '$(subst ','\'',$(CODING))'
ifneq ($(CODING),)
ifneq ($(shell test -f $(CODING_FILE) && echo found),found)
$(error CODING: no such file; check its name 没有这个文件，请检查文件名: '$(CODING)')
endif
endif

ifneq ($(firstword $(sort 4.3 $(MAKE_VERSION))),4.3)
$(error GNU Make 4.3 or newer is needed, this is $(MAKE_VERSION) (macOS: brew install make, then gmake))
endif

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --output-sync=target -j$(JOBS)
endif

# One thread for the numerics: with more, KMeans and sums differ from run to run.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
# Compiled modules and the font list are kept, or every stage would make them again.
unexport PYTHONDONTWRITEBYTECODE
export MPLBACKEND := Agg
export MPLCONFIGDIR := .cache/matplotlib

PY  := $(VENV)/bin/python
RUN := $(PY) -m pipeline
# NAME.ending or the folder NAME; README.md is about the others.
RAW_FOUND := $(filter-out data/raw/README.%,$(foreach file,$(wildcard data/raw/*),$(if $(filter $(CORPUS),$(basename $(notdir $(file)))),$(file))))
RAW_FOUND := $(sort $(RAW_FOUND) $(patsubst %/.,%,$(wildcard data/raw/$(CORPUS)/.)))
RAW := $(or $(RAW_FOUND),data/raw/$(CORPUS).txt)
# Another unit of comparison and another method give other results: they go to a folder of their own.
NAME := $(CORPUS)$(addprefix @,$(UNIT))$(addprefix +,$(notdir $(METHOD:/=)))
D    := data/processed/$(NAME)
R    := reports/$(NAME)
F    := $(R)/figures
M    := method
# A file of the method: from the folder METHOD where it is there, else from method/.
chosen   = $(foreach name,$(1),$(or $(and $(METHOD),$(wildcard $(METHOD:/=)/$(name))),$(M)/$(name)))
OVERLAY  = $(and $(METHOD),$(wildcard $(METHOD:/=)/settings.toml))
SETTINGS = $(if $(OVERLAY),$(D)/settings.toml,$(M)/settings.toml)

# requirements.lock: other versions of the libraries may give other results.
LEAVES := $(addprefix pipeline/,__init__.py cli.py errors.py formulas.py numbers.py resources.py tables.py writing.py) $(wildcard pipeline/contracts/*.py) requirements.lock
CORE   := $(LEAVES) $(wildcard pipeline/method/*.py)
# What spreads work over processes and clusters.
SPREAD := $(addprefix pipeline/,workers.py scheduler.py remote.py)
# What counts terms, and what draws, shuffles and groups the counts.
COUNTS   := pipeline/representations.py pipeline/background.py $(addprefix pipeline/stats/,__init__.py grouping.py resampling.py weighting.py)
EVIDENCE := $(COUNTS) pipeline/evidence.py pipeline/groups.py pipeline/intervals.py $(SPREAD) $(addprefix pipeline/stats/,inference.py partitions.py silhouette.py)

# What `make calibrate` found is part of the repository, an input of the report.
CALIBRATION := reports/calibration/calibration
CALIBRATED  := $(wildcard $(CALIBRATION).csv $(CALIBRATION).json)

WHOLE_NAMES      := whole $(addprefix whole_,units groups group_terms typical group_similarity choice neighbours pairs terms map)
BACKGROUND_NAMES := fit coverage similarity terms measures structure coassignment choice verdict groups specifications claims

TABLES := $(addprefix $(D)/,documents.csv sources.csv files.csv cleaning.csv scale.csv partitions.csv $(WHOLE_NAMES:%=%.csv) measures.csv tokens.csv segmentation_audit.csv keywords.csv \
            cooccurrence.csv character_similarity.csv similarity.csv similarity_terms.csv region_map.csv \
            shared_passages.csv shared_regions.csv shared_effect.csv near_duplicates.csv similarity_intervals.csv \
            neighbours.csv dendrogram.csv reliability.csv leave_one_out.csv pair_tests.csv structure.csv null_distribution.csv \
            coassignment.csv consensus.csv stability.csv clusters.csv cluster_terms.csv cluster_choice.csv verdict.csv \
            robustness.csv specifications.csv dictionary_keywords.csv dictionary_regions.csv codebook.csv theme_evidence.csv themes.csv uncoded.csv theme_similarity.csv \
            theme_pairs.csv theme_structure.csv theme_coassignment.csv theme_choice.csv theme_verdict.csv theme_groups.csv \
            theme_profiles.csv view_agreement.csv view_differences.csv $(BACKGROUND_NAMES:%=background_%.csv) coder_agreement.csv coder_disagreements.csv limits.csv regions.csv summary.csv \
            $(addprefix without_dictionary/,tokens.csv segmentation_audit.csv keywords.csv similarity.csv similarity_terms.csv region_map.csv))
# A stage writes all its files or none. Where it fails, make would yet delete those of the last good run that it has not
# looked at, or a sheet that somebody has filled in.
.PRECIOUS: $(TABLES) $(addprefix $(D)/coding-sheet.,xlsx csv)

FIGURE_NAMES := keyword_heatmap keyword_bars similarity_heatmap coassignment_heatmap similarity_ranks dendrogram region_map \
                cooccurrence_network silhouette tile_grid keyword_stability null_distribution specification_curve \
                claim_robustness theme_matrix theme_profiles theme_use background_similarity
WHOLE_FIGURES := whole_groups whole_similarity whole_map
figure_files  = $(foreach language,zh en,$(addprefix $(F)/$(1).$(language).,svg png))
# As the page of the report has them: letters are letters, marks name the cells they show.
page_files    = $(addprefix $(D)/figures/$(1).,zh.svg en.svg)
FIGURES := $(foreach name,$(FIGURE_NAMES),$(call figure_files,$(name)))
REPORTS := $(addprefix $(R)/report.,html zh.md en.md zh.docx en.docx)
PDFS    := $(addprefix $(R)/report.,zh.pdf en.pdf)
.PRECIOUS: $(REPORTS) $(PDFS)
CHOICES := $(wildcard $(M)/settings.toml $(OVERLAY) $(call chosen,user_dict.txt stop_words.txt generic_words.txt synonyms.csv themes.toml \
             regions.csv glossary.csv figures.mplstyle) $(call chosen,background)/*.npz)
CODE    := $(sort $(wildcard pipeline/*.py pipeline/*/*.py pipeline/*/*/*.py pipeline/*/*.toml pipeline/*/*.j2 pipeline/*/*.css pipeline/*/*.js pipeline/*/*.typ))
LOCKS   := requirements-build.lock requirements.lock requirements-extras.lock requirements-lab.lock requirements-dev.lock

.PHONY: help all figures corpora pdf extras scheduler background robustness coding-sheet suggest calibrate notebooks lab picture tables-page test lint check verify bundle reproduce bench bench-small-n lock clean FORCE

help: ## print this help
	@echo 'Jingyan 经验：a reproducible research pipeline for Chinese policy texts'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'
	@echo
	@echo '  CORPUS=name        work on data/raw/name.* or the folder data/raw/name (now: $(CORPUS))'
	@echo '  UNIT=what          compare by province, prefecture, year, title or a column (now: $(or $(UNIT),region))'
	@echo '  METHOD=folder      settings and lists that differ from method/ (now: $(or $(METHOD),none))'
	@echo '  CODING=file        compare the codebook with a second coder (now: $(or $(subst ','\'',$(CODING)),none))'
	@echo '  BACKGROUND=name    for make background: learn from data/raw/name.*'
	@echo '  BUNDLE=file        for make reproduce: a bundle that is not unpacked yet'
	@echo '  JOBS=n             use n processes, the results are the same (now: $(JOBS))'
	@echo '  SCHEDULER=address  let a Dask cluster do what takes long, tcp://host:8786 (now: $(or $(SCHEDULER),none))'

all: $(D)/manifest.json ## from data/raw/ to tables, figures and reports

corpora: | $(VENV)/core.ok ## list what is in data/raw/, and which reports there are
	@$(RUN).corpora data/raw reports

# --- the environment ---------------------------------------------------------------------------------------------

PIP := $(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes
# Two runs at once: one sets up, the other waits. A set-up that was killed is gone on with.
ALONE = $(PYTHON) -m pipeline.alone .cache/environment.lock $@ $^ -- $(SHELL) -c
not_set_up = { printf '%s\n%s\n' '环境没有装好。请检查网络和磁盘空间，再运行一次；若仍不行，先删除 $(VENV)。' \
  'The environment could not be set up. Check the network and the space on the disk, then run again; if that does not help, delete $(VENV) first.' >&2; exit 2; }

$(VENV)/core.ok: requirements-build.lock requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' || { \
	  echo 'Python 3.11 to 3.14 is needed 需要 Python 3.11 至 3.14. Name it: make PYTHON=python3.12 $(MAKECMDGOALS)' >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  v=$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	  echo "This Python cannot make a virtual environment 缺少 venv. On Debian or Ubuntu: sudo apt install python$$v-venv" >&2; exit 2; }
	@echo 'setting up $(VENV) (once, about a minute) 首次安装环境 …'
	@$(ALONE) '{ $(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV); } && $(PIP) -r requirements-build.lock && \
	  $(PIP) --no-build-isolation --use-pep517 -r requirements.lock && touch $@' || $(not_set_up)

$(VENV)/extras.ok: $(VENV)/core.ok requirements-extras.lock
	@$(ALONE) '$(PIP) --no-build-isolation --use-pep517 -r requirements-extras.lock && touch $@' || $(not_set_up)

extras: $(VENV)/extras.ok ## install what few runs need (OpenCC, for traditional characters; Typst, for PDF; Dask, for a cluster)

$(VENV)/lab.ok: $(VENV)/core.ok requirements-lab.lock
	@$(ALONE) '$(PIP) --no-build-isolation --use-pep517 -r requirements-lab.lock && touch $@' || $(not_set_up)

$(VENV)/dev.ok: $(VENV)/core.ok requirements-dev.lock
	@$(ALONE) '$(PIP) --no-build-isolation --use-pep517 -r requirements-dev.lock && touch $@' || $(not_set_up)

# --- the stages --------------------------------------------------------------------------------------------------

# Looked at once, before the stages that use it.
CLUSTER := $(if $(SCHEDULER),scheduler)
scheduler: | $(VENV)/core.ok ## check that the workers of a cluster can do the work: SCHEDULER=tcp://host:8786
	@test -n '$(SCHEDULER)' || { printf '%s\n' '用法：make scheduler SCHEDULER=tcp://主机:8786' \
	  'Usage: make scheduler SCHEDULER=tcp://host:8786' >&2; exit 2; }
	@$(RUN).scheduler

say = @printf '%-22s %s\n' '$(1)' '$(2)'

# What a command prints becomes the target, whole or not at all, under a name of this shell's own until it is complete.
written = mkdir -p $(@D) && { $(1); } > $@.$$$$.part && mv -f $@.$$$$.part $@ || { rm -f $@.$$$$.part; \
  printf '%s\n  %s\n  %s\n' '$@' '错误：写不了这个文件。请检查磁盘空间和权限，再运行一次。' \
  'Error: it cannot be written. Check the space on the disk and the permissions, then run again.' >&2; exit 2; }

# Which files of the method are in force. Made anew only when others are, so that nothing else is.
METHOD_GIVEN := $(if $(METHOD),$(D)/method.given)
ifneq ($(METHOD),)
CORE += $(METHOD_GIVEN)
method_files = ls -1 $(METHOD)
$(METHOD_GIVEN): $(if $(shell $(method_files) | cmp -s - $(METHOD_GIVEN) || echo changed),FORCE)
	@$(call written,$(method_files))

$(D)/settings.toml: $(M)/settings.toml $(OVERLAY) pipeline/overlay.py pipeline/hashing.py $(LEAVES) $(wildcard pipeline/method/*.py) | $(VENV)/core.ok
	$(call say,overlay,另一套设定)
	@$(RUN).overlay $(M)/settings.toml $(METHOD) $@
endif

# What the raw file or folder is, by names, sizes and times. Made anew only when that differs from last time.
GIVEN := $(D)/raw.given
raw_listed = ls -lnR -- $(RAW); test ! -e $(GIVEN) || find $(RAW) -newer $(GIVEN)
$(GIVEN): $(if $(shell { $(raw_listed); } 2>/dev/null | cmp -s - $(GIVEN) || echo changed),FORCE)
	@test $(words $(RAW_FOUND)) -le 1 || { printf '%s\n%s\n' '错误：data/raw 中有多个“$(CORPUS)”：$(RAW_FOUND)。请只留一个，或改名。' \
	  'Error: several of this name in data/raw: $(RAW_FOUND). Keep one, or rename them.' >&2; exit 2; }
	@test -e $(RAW) || { printf '%s\n%s\n' '错误：data/raw 中没有“$(CORPUS)”。运行 make corpora 可看有哪些。' \
	  'Error: no file or folder $(CORPUS) in data/raw. `make corpora` lists what is there.' >&2; exit 2; }
	@$(call written,ls -lnR -- $(RAW))

INGEST_OUT := $(addprefix $(D)/,documents.csv sources.csv files.csv cleaning.csv scale.csv)
$(INGEST_OUT) &: $(GIVEN) $(call chosen,regions.csv) $(SETTINGS) $(addprefix pipeline/,ingest.py batches.py study.py drafts.py reading_notes.py refusals.py units.py hygiene.py) $(SPREAD) \
    $(wildcard pipeline/readers/*.py) $(CORE) | $(VENV)/core.ok $(CLUSTER)
	$(call say,ingest,读取原文)
	@$(RUN).ingest $(RAW) $(or $(UNIT),region) $(call chosen,regions.csv) $(SETTINGS) $(INGEST_OUT) $(D)/corpus

# All of a large corpus; of a small one these tables are empty.
CUT_IN := $(D)/scale.csv $(SETTINGS) $(call chosen,user_dict.txt stop_words.txt synonyms.csv)
$(D)/partitions.csv: $(CUT_IN) $(addprefix pipeline/,cut.py clauses.py engine.py segmentation.py store.py) $(SPREAD) $(CORE) | $(VENV)/core.ok $(CLUSTER)
	$(call say,cut,全部语料分词)
	@$(RUN).cut $(CUT_IN) $(D)/corpus $@

WHOLE_IN  := $(addprefix $(D)/,scale.csv documents.csv partitions.csv) $(SETTINGS) $(call chosen,generic_words.txt)
WHOLE_OUT := $(addprefix $(D)/,$(WHOLE_NAMES:%=%.csv))
$(WHOLE_OUT) &: $(WHOLE_IN) $(addprefix pipeline/,whole.py overview.py whole_groups.py counted.py store.py) $(SPREAD) \
    $(COUNTS) $(addprefix pipeline/stats/,inference.py keyness.py latent.py neighbours.py partitions.py) $(CORE) | $(VENV)/core.ok
	$(call say,whole,全部语料)
	@$(RUN).whole $(WHOLE_IN) $(D)/corpus $(WHOLE_OUT)

$(D)/measures.csv: $(D)/documents.csv $(SETTINGS) pipeline/measures.py pipeline/clauses.py $(CORE) | $(VENV)/core.ok
	$(call say,measures,切分举措)
	@$(RUN).measures $(D)/documents.csv $(SETTINGS) $@

SEGMENT_IN := $(D)/measures.csv $(SETTINGS) $(call chosen,user_dict.txt stop_words.txt generic_words.txt synonyms.csv)
$(D)/tokens.csv $(D)/segmentation_audit.csv &: $(SEGMENT_IN) pipeline/segment.py pipeline/segmentation.py pipeline/engine.py $(CORE) \
    | $(VENV)/core.ok
	$(call say,segment,分词)
	@$(RUN).segment $(SEGMENT_IN) $(D)/tokens.csv $(D)/segmentation_audit.csv

# The same measures cut without the user dictionary: what the dictionary decides is a choice that is tested.
PLAIN_OUT := $(addprefix $(D)/without_dictionary/,tokens.csv segmentation_audit.csv)
PLAIN_IN  := $(D)/measures.csv $(SETTINGS) /dev/null $(call chosen,stop_words.txt generic_words.txt synonyms.csv)
$(PLAIN_OUT) &: $(filter-out /dev/null,$(PLAIN_IN)) pipeline/segment.py pipeline/segmentation.py pipeline/engine.py $(CORE) | $(VENV)/core.ok
	$(call say,segment,不用词典分词)
	@$(RUN).segment $(PLAIN_IN) $(PLAIN_OUT)

KEYWORDS_CODE := pipeline/keywords.py pipeline/keyword_resampling.py pipeline/phrases.py $(COUNTS) $(addprefix pipeline/stats/,inference.py keyness.py) $(CORE)
$(D)/keywords.csv: $(D)/tokens.csv $(D)/measures.csv $(SETTINGS) $(KEYWORDS_CODE) | $(VENV)/core.ok
	$(call say,keywords,关键词)
	@$(RUN).keywords $(D)/tokens.csv $(D)/measures.csv $(SETTINGS) $@

$(D)/without_dictionary/keywords.csv: $(D)/without_dictionary/tokens.csv $(D)/measures.csv $(SETTINGS) $(KEYWORDS_CODE) | $(VENV)/core.ok
	$(call say,keywords,不用词典的关键词)
	@$(RUN).keywords $(D)/without_dictionary/tokens.csv $(D)/measures.csv $(SETTINGS) $@

$(D)/cooccurrence.csv: $(D)/tokens.csv $(SETTINGS) pipeline/cooccurrence.py pipeline/stats/__init__.py \
    pipeline/stats/cohesion.py $(CORE) | $(VENV)/core.ok
	$(call say,cooccurrence,共现)
	@$(RUN).cooccurrence $(D)/tokens.csv $(SETTINGS) $@

$(D)/character_similarity.csv: $(D)/measures.csv pipeline/characters.py $(COUNTS) $(LEAVES) | $(VENV)/core.ok
	$(call say,characters,字符相似度)
	@$(RUN).characters $(D)/measures.csv $@

SIMILARITY_NAMES := similarity.csv similarity_terms.csv region_map.csv
SIMILARITY_CODE  := pipeline/similarity.py pipeline/stats/__init__.py pipeline/stats/scaling.py $(CORE)
SIMILARITY_IN    := $(D)/keywords.csv $(D)/character_similarity.csv $(SETTINGS)
SIMILARITY_OUT   := $(addprefix $(D)/,$(SIMILARITY_NAMES))
$(SIMILARITY_OUT) &: $(SIMILARITY_IN) $(SIMILARITY_CODE) | $(VENV)/core.ok
	$(call say,similarity,地区相似度)
	@$(RUN).similarity $(SIMILARITY_IN) $(SIMILARITY_OUT)

PLAIN_SIMILARITY_IN  := $(D)/without_dictionary/keywords.csv $(D)/character_similarity.csv $(SETTINGS)
PLAIN_SIMILARITY_OUT := $(addprefix $(D)/without_dictionary/,$(SIMILARITY_NAMES))
$(PLAIN_SIMILARITY_OUT) &: $(PLAIN_SIMILARITY_IN) $(SIMILARITY_CODE) | $(VENV)/core.ok
	$(call say,similarity,不用词典的相似度)
	@$(RUN).similarity $(PLAIN_SIMILARITY_IN) $(PLAIN_SIMILARITY_OUT)

SHARED_IN  := $(addprefix $(D)/,documents.csv measures.csv tokens.csv similarity.csv) $(SETTINGS)
SHARED_OUT := $(addprefix $(D)/,shared_passages.csv shared_regions.csv shared_effect.csv near_duplicates.csv)
$(SHARED_OUT) &: $(SHARED_IN) pipeline/shared_passages.py pipeline/stats/shingles.py $(EVIDENCE) $(CORE) | $(VENV)/core.ok
	$(call say,shared_passages,各地共有的文字)
	@$(RUN).shared_passages $(SHARED_IN) $(SHARED_OUT)

# --- how sure are we? ----------------------------------------------------------------------------------------------

# Memory of large arrays stays with a process until it ends: glibc would give it back and ask for it anew with each draw,
# which is a quarter of what resampling long texts takes.
STEADY := MALLOC_MMAP_THRESHOLD_=1000000000 MALLOC_TRIM_THRESHOLD_=1000000000

RESAMPLING_IN  := $(addprefix $(D)/,tokens.csv measures.csv similarity.csv) $(SETTINGS)
RESAMPLING_OUT := $(addprefix $(D)/,similarity_intervals.csv neighbours.csv dendrogram.csv reliability.csv leave_one_out.csv)
$(RESAMPLING_OUT) &: $(RESAMPLING_IN) pipeline/resampling.py pipeline/stats/matrices.py $(EVIDENCE) $(CORE) | $(VENV)/core.ok $(CLUSTER)
	$(call say,resampling,重抽样)
	@$(STEADY) $(RUN).resampling $(RESAMPLING_IN) $(RESAMPLING_OUT)

PERMUTATION_IN  := $(addprefix $(D)/,tokens.csv measures.csv) $(SETTINGS)
PERMUTATION_OUT := $(addprefix $(D)/,pair_tests.csv structure.csv null_distribution.csv)
$(PERMUTATION_OUT) &: $(PERMUTATION_IN) pipeline/permutation.py $(EVIDENCE) $(CORE) | $(VENV)/core.ok $(CLUSTER)
	$(call say,permutation,置换检验)
	@$(STEADY) $(RUN).permutation $(PERMUTATION_IN) $(PERMUTATION_OUT)

CONSENSUS_IN  := $(addprefix $(D)/,tokens.csv without_dictionary/tokens.csv measures.csv) $(SETTINGS)
CONSENSUS_OUT := $(addprefix $(D)/,coassignment.csv consensus.csv stability.csv)
$(CONSENSUS_OUT) &: $(CONSENSUS_IN) pipeline/consensus.py $(EVIDENCE) $(CORE) | $(VENV)/core.ok $(CLUSTER)
	$(call say,consensus,各种设定下的分组)
	@$(STEADY) $(RUN).consensus $(CONSENSUS_IN) $(CONSENSUS_OUT)

CLUSTER_IN  := $(addprefix $(D)/,consensus.csv stability.csv structure.csv similarity.csv tokens.csv) $(SETTINGS)
CLUSTER_OUT := $(addprefix $(D)/,clusters.csv cluster_terms.csv cluster_choice.csv verdict.csv)
$(CLUSTER_OUT) &: $(CLUSTER_IN) pipeline/cluster.py pipeline/group_terms.py pipeline/stats/keyness.py $(EVIDENCE) $(CORE) | $(VENV)/core.ok
	$(call say,cluster,地区分组)
	@$(RUN).cluster $(CLUSTER_IN) $(CLUSTER_OUT)

CLAIMS_IN  := $(addprefix $(D)/,tokens.csv without_dictionary/tokens.csv measures.csv similarity.csv keywords.csv clusters.csv \
                coassignment.csv) $(SETTINGS)
CLAIMS_OUT := $(addprefix $(D)/,robustness.csv specifications.csv)
$(CLAIMS_OUT) &: $(CLAIMS_IN) pipeline/claims.py pipeline/robustness.py pipeline/stats/matrices.py $(EVIDENCE) $(CORE) | $(VENV)/core.ok $(CLUSTER)
	$(call say,claims,各项结论是否稳健)
	@$(RUN).claims $(CLAIMS_IN) $(CLAIMS_OUT)

DICTIONARY_IN  := $(addprefix $(D)/,keywords.csv similarity.csv without_dictionary/keywords.csv without_dictionary/similarity.csv measures.csv) $(SETTINGS)
DICTIONARY_OUT := $(addprefix $(D)/,dictionary_keywords.csv dictionary_regions.csv)
$(DICTIONARY_OUT) &: $(DICTIONARY_IN) pipeline/dictionary.py pipeline/nearest.py $(CORE) | $(VENV)/core.ok
	$(call say,dictionary,词典的作用)
	@$(RUN).dictionary $(DICTIONARY_IN) $(DICTIONARY_OUT)

ROBUSTNESS := $(RESAMPLING_OUT) $(PERMUTATION_OUT) $(CONSENSUS_OUT) $(CLUSTER_OUT) $(CLAIMS_OUT) $(DICTIONARY_OUT)
robustness: $(ROBUSTNESS) ## only the tables that say how sure each finding is

# --- the approaches: a codebook, its evidence, and the regions compared by it --------------------------------------

CODEBOOK := $(call chosen,themes.toml)
# Which codebook was read, so that taking it away or bringing it back is noticed.
CODEBOOK_SOURCE := $(D)/codebook.source
$(CODEBOOK_SOURCE): $(if $(shell echo '$(wildcard $(CODEBOOK))' | cmp -s - $(CODEBOOK_SOURCE) || echo changed),FORCE)
	@$(call written,echo '$(wildcard $(CODEBOOK))')

# Without a codebook the stage reads an empty one, and groups the measures instead.
THEMES_IN  := $(addprefix $(D)/,measures.csv tokens.csv) $(or $(wildcard $(CODEBOOK)),/dev/null) $(SETTINGS)
THEMES_OUT := $(addprefix $(D)/,codebook.csv theme_evidence.csv themes.csv uncoded.csv)
$(THEMES_OUT) &: $(filter-out /dev/null,$(THEMES_IN)) $(CODEBOOK_SOURCE) pipeline/themes.py pipeline/coding.py pipeline/unsupervised.py \
    $(COUNTS) $(addprefix pipeline/stats/,keyness.py partitions.py) $(CORE) | $(VENV)/core.ok
	$(call say,themes,主题编码)
	@$(RUN).themes $(THEMES_IN) $(THEMES_OUT)

APPROACHES_IN  := $(addprefix $(D)/,measures.csv tokens.csv codebook.csv theme_evidence.csv similarity.csv similarity_terms.csv \
                    structure.csv consensus.csv clusters.csv) $(SETTINGS)
APPROACHES_OUT := $(addprefix $(D)/,theme_similarity.csv theme_pairs.csv theme_structure.csv theme_coassignment.csv \
                    theme_choice.csv theme_verdict.csv theme_groups.csv theme_profiles.csv view_agreement.csv view_differences.csv)
$(APPROACHES_OUT) &: $(APPROACHES_IN) pipeline/approaches.py pipeline/coding.py $(addprefix pipeline/stats/,change.py keyness.py matrices.py) \
    $(EVIDENCE) $(CORE) | $(VENV)/core.ok
	$(call say,approaches,各地做法的主题比较)
	@SCHEDULER= $(RUN).approaches $(APPROACHES_IN) $(APPROACHES_OUT) # few numbers: sending them would take longer

# --- what the genre already knows: the regions seen through a background --------------------------------------------

BACKGROUND_FOLDER := $(call chosen,background)
BACKGROUNDS := $(wildcard $(BACKGROUND_FOLDER)/*.npz)
GENRE_IN  := $(addprefix $(D)/,measures.csv tokens.csv keywords.csv similarity.csv structure.csv clusters.csv coassignment.csv \
               robustness.csv) $(SETTINGS)
GENRE_OUT := $(BACKGROUND_NAMES:%=$(D)/background_%.csv)
$(GENRE_OUT) &: $(GENRE_IN) $(BACKGROUNDS) pipeline/genre.py pipeline/learning.py pipeline/blocks.py pipeline/term_pairs.py pipeline/robustness.py pipeline/group_terms.py \
    pipeline/hashing.py $(addprefix pipeline/stats/,keyness.py latent.py matrices.py) $(EVIDENCE) $(CORE) | $(VENV)/core.ok
	$(call say,genre,借助背景语料再看)
	@SCHEDULER= $(RUN).genre $(GENRE_IN) $(BACKGROUND_FOLDER) $(GENRE_OUT) # few numbers: sending them would take longer

# A corpus of the genre, paragraphs as documents: data/raw/NAME.jsonl, .csv, .tsv, .txt, .md or a folder of these.
# A name, not a path; without one there is no source.
BACKGROUND_NAME   = $(if $(filter-out 1,$(words $(BACKGROUND)))$(findstring /,$(BACKGROUND))$(filter .%,$(BACKGROUND)),,$(BACKGROUND))
BACKGROUND_SOURCE = $(if $(BACKGROUND_NAME),$(firstword $(wildcard $(addprefix data/raw/$(BACKGROUND_NAME),.jsonl .csv .tsv .txt .md) data/raw/$(BACKGROUND_NAME)/)))
LEARN_IN := $(SETTINGS) $(call chosen,user_dict.txt stop_words.txt synonyms.csv)
background: | $(VENV)/core.ok ## learn what a larger corpus of the genre knows: make background BACKGROUND=name
	@test -n '$(BACKGROUND_SOURCE)' || { printf '%s\n%s\n' \
	  '用法：make background BACKGROUND=名称，语料在 data/raw/名称.jsonl（或 .csv .tsv .txt .md，或同名文件夹）。' \
	  'Usage: make background BACKGROUND=name, the corpus in data/raw/name.jsonl (or .csv .tsv .txt .md, or a folder).' >&2; exit 2; }
	@$(RUN).learn_background $(BACKGROUND_SOURCE) $(LEARN_IN) $(M)/background/$(BACKGROUND_NAME).npz

# --- the second coder ----------------------------------------------------------------------------------------------

SHEET_IN  := $(D)/measures.csv $(D)/codebook.csv
SHEET_OUT := $(addprefix $(D)/coding-sheet.,xlsx csv)
$(SHEET_OUT) &: $(SHEET_IN) pipeline/coding_sheet.py $(wildcard pipeline/readers/*.py) $(LEAVES) | $(VENV)/core.ok
	$(call say,coding_sheet,空白编码表)
	@$(RUN).coding_sheet $(SHEET_IN) $(SHEET_OUT)

coding-sheet: $(SHEET_OUT) ## write a blank sheet on which a second person codes the measures
	@printf '%s\n%s\n' '请另存到别处，填写后运行：make all CODING=文件（$(D)/coding-sheet.xlsx）' \
	  'Save a copy elsewhere, fill it in, then run: make all CODING=file ($(D)/coding-sheet.xlsx)'

# Name and bytes of the coding file. Made anew only when they differ from last time, so that nothing else is.
CODED := $(D)/coding.given
given  = basename -- $(CODING_FILE); cat -- $(if $(CODING),$(CODING_FILE),/dev/null)
$(CODED): $(if $(shell { $(given); } | cmp -s - $(CODED) || echo changed),FORCE)
	@$(call written,$(given))

CODERS_IN  := $(addprefix $(D)/,measures.csv codebook.csv theme_evidence.csv)
CODERS_OUT := $(addprefix $(D)/,coder_agreement.csv coder_disagreements.csv)
$(CODERS_OUT) &: $(CODERS_IN) $(CODED) $(SETTINGS) pipeline/coders.py pipeline/coding.py \
    $(wildcard pipeline/readers/*.py) \
    $(addprefix pipeline/stats/,__init__.py agreement.py resampling.py) $(CORE) | $(VENV)/core.ok
	$(call say,coders,第二编码者)
	@$(RUN).coders $(CODERS_IN) $(CODING_FILE) $(SETTINGS) $(CODERS_OUT)

# --- the numbers of the report -------------------------------------------------------------------------------------

SUMMARY_IN  := $(addprefix $(D)/,documents.csv cleaning.csv measures.csv tokens.csv segmentation_audit.csv keywords.csv \
                similarity.csv pair_tests.csv neighbours.csv leave_one_out.csv clusters.csv cluster_choice.csv \
                robustness.csv specifications.csv dictionary_keywords.csv dictionary_regions.csv codebook.csv theme_evidence.csv) \
               $(patsubst %,$(D)/background_%.csv,similarity measures groups claims) $(SETTINGS)
SUMMARY_OUT := $(addprefix $(D)/,regions.csv summary.csv limits.csv)
$(SUMMARY_OUT) &: $(SUMMARY_IN) pipeline/summary.py pipeline/nearest.py $(EVIDENCE) $(CORE) | $(VENV)/core.ok
	$(call say,summary,汇总数字)
	@$(RUN).summary $(SUMMARY_IN) $(SUMMARY_OUT)

# --- the figures: name, then the tables it reads -----------------------------------------------------------------

CHART_IN   := $(SETTINGS) $(call chosen,glossary.csv figures.mplstyle) \
              $(addprefix pipeline/charts/strings.,zh.toml en.toml)
CHART_CODE := $(addprefix pipeline/charts/,__init__.py style.py marks.py compact.py sheets.py labels.py keys.py placing.py panels.py matrix.py theme_cells.py behind.py wording.py) \
              pipeline/anchors.py pipeline/fonts.py $(SPREAD) $(CORE)
missing     = $(filter-out $(wildcard $(1)),$(1))

# A figure that is out of date, or of which a file is missing, is noted in NAME.todo with its arguments. One process
# then draws all that are noted since the last time: one for each would spend most of its time importing the same libraries.
define figure
$(D)/figures/$(1).todo: $(addprefix $(D)/,$(2)) $(3) $(CHART_IN) pipeline/charts/$(1).py $(CHART_CODE) \
    $(if $(call missing,$(call figure_files,$(1)) $(call page_files,$(1))),FORCE)
	$$(call say,figure,$(1))
	@$$(call written,echo '$(addprefix $(D)/,$(2)) $(3) $(CHART_IN) $(D)/figures/$(1) $(F)/$(1)')
endef

$(eval $(call figure,keyword_heatmap,keywords.csv clusters.csv documents.csv))
$(eval $(call figure,keyword_bars,keywords.csv clusters.csv documents.csv))
$(eval $(call figure,similarity_heatmap,similarity.csv clusters.csv documents.csv))
$(eval $(call figure,coassignment_heatmap,coassignment.csv clusters.csv documents.csv))
$(eval $(call figure,similarity_ranks,similarity.csv similarity_intervals.csv pair_tests.csv documents.csv))
$(eval $(call figure,dendrogram,dendrogram.csv clusters.csv documents.csv))
$(eval $(call figure,region_map,region_map.csv clusters.csv documents.csv))
$(eval $(call figure,cooccurrence_network,cooccurrence.csv tokens.csv))
$(eval $(call figure,silhouette,cluster_choice.csv))
$(eval $(call figure,tile_grid,documents.csv clusters.csv,$(call chosen,regions.csv)))
$(eval $(call figure,keyword_stability,keywords.csv clusters.csv documents.csv))
$(eval $(call figure,null_distribution,null_distribution.csv structure.csv))
$(eval $(call figure,specification_curve,specifications.csv robustness.csv documents.csv))
$(eval $(call figure,claim_robustness,robustness.csv documents.csv))
$(eval $(call figure,theme_matrix,themes.csv codebook.csv theme_groups.csv measures.csv documents.csv))
$(eval $(call figure,theme_profiles,theme_profiles.csv codebook.csv theme_groups.csv documents.csv))
$(eval $(call figure,theme_use,codebook.csv themes.csv documents.csv))
$(eval $(call figure,background_similarity,background_similarity.csv background_groups.csv documents.csv))

# These are drawn where the corpus is large, and taken away where it is not: no file is expected.
define whole_figure
$(D)/figures/$(1).todo: $(addprefix $(D)/,$(2)) $(CHART_IN) pipeline/charts/$(1).py $(CHART_CODE)
	$$(call say,figure,$(1))
	@$$(call written,echo '$(addprefix $(D)/,$(2)) $(CHART_IN) $(D)/figures/$(1) $(F)/$(1)')
endef

$(eval $(call whole_figure,whole_groups,whole_groups.csv))
$(eval $(call whole_figure,whole_similarity,whole_group_similarity.csv whole_groups.csv))
$(eval $(call whole_figure,whole_map,whole_map.csv whole_groups.csv))

NOTED := $(patsubst %,$(D)/figures/%.todo,$(FIGURE_NAMES) $(WHOLE_FIGURES))
$(D)/figures.ok: $(NOTED) $(wildcard pipeline/charts/*.py) $(CHART_CODE) | $(VENV)/core.ok
	@find $(MPLCONFIGDIR) -name '*.matplotlib-lock' -mmin +1 -delete 2>/dev/null || : # of a process that was killed
	@$(RUN).charts $(or $(filter %.todo,$?),$(NOTED))
	@$(call written,:)

# What `make all` draws anew takes its set away: none is of other tables than the report.
figures: $(D)/figures.ok ## the figures for papers and slides: PDF, one and two columns wide, with the numbers as CSV
	@$(RUN).charts.slides $(NOTED)
	@printf '\n%s\n%s\n' '完成。图在 $(F)，目录为 $(F)/index.csv' 'Done. The figures are in $(F), listed in $(F)/index.csv'

FORCE:

# --- the report --------------------------------------------------------------------------------------------------

PROVENANCE_IN := $(CHOICES) $(CALIBRATED) $(if $(CODING),$(CODED)) $(LOCKS) Makefile $(CODE)
# After the tables, so that a stage that fails leaves the account of the last good run.
$(D)/provenance.json: $(TABLES) $(SETTINGS) $(PROVENANCE_IN) | $(VENV)/core.ok
	$(call say,provenance,来源与版本)
	@$(RUN).provenance $(CORPUS) $(or $(UNIT),region) $(or $(METHOD),$(M)) $(SETTINGS) $(D) $(CALIBRATION).csv $(PROVENANCE_IN) $@

REPORT_IN := $(TABLES) $(D)/provenance.json $(SETTINGS) $(call chosen,glossary.csv) $(CALIBRATED)
REPORT_FROM := $(REPORT_IN) $(D)/figures.ok $(wildcard pipeline/report/*.* pipeline/report/sections/*.py) pipeline/anchors.py pipeline/fonts.py pipeline/hashing.py $(SPREAD) $(COUNTS) $(CORE)
$(REPORTS) &: $(REPORT_FROM) | $(VENV)/core.ok
	$(call say,report,报告)
	@$(RUN).report $(D) $(SETTINGS) $(call chosen,glossary.csv) $(CALIBRATION).csv $(D)/figures $(F) $(R)

$(PDFS) &: $(REPORT_FROM) | $(VENV)/core.ok
	$(call say,pdf,PDF)
	@$(RUN).report.pdf $(D) $(SETTINGS) $(call chosen,glossary.csv) $(CALIBRATION).csv $(F) $(R)

pdf: $(PDFS) ## the report as PDF, too: report.zh.pdf and report.en.pdf (first `make extras`)
	@printf '\n%s\n%s\n' '完成。请打开 $(R)/report.zh.pdf' 'Done. Open $(R)/report.en.pdf'

$(D)/manifest.json: $(D)/provenance.json $(TABLES) $(D)/figures.ok $(REPORTS) pipeline/manifest.py pipeline/hashing.py $(LEAVES) | $(VENV)/core.ok
	@$(RUN).manifest $(D)/provenance.json $(D)/corpus $(F) $(TABLES) $(FIGURES) $(REPORTS) $@
	@printf '\n%s\n%s\n' '完成。请打开 $(R)/report.html' 'Done. Open $(R)/report.html'

# --- to pass on: a run in one file, and its repetition -----------------------------------------------------------------

BUNDLE  ?=
BUNDLED := LICENSE CITATION.cff pyproject.toml docs/tables.md $(wildcard $(call chosen,background)/README.md $(if $(METHOD),$(METHOD:/=)/*))
quoted   = '$(subst ','\'',$(1))'
bundle: $(D)/manifest.json ## pack raw data, method, code, tables, figures and reports into one file for others
	@$(RUN).bundle $(D)/manifest.json $(SETTINGS) $(D) $(if $(CODING),$(CODING_FILE),/dev/null) $(BUNDLED) $(R)/$(NAME)-bundle.zip

reproduce: | $(VENV)/core.ok ## in a folder unpacked from a bundle: make everything again and compare (or BUNDLE=file.zip)
	@$(RUN).reproduce $(if $(BUNDLE),$(call quoted,$(BUNDLE)),.) $(VENV)

# --- which words do the lists lack? --------------------------------------------------------------------------------

# Prints each time; changes nothing in $(M).
SUGGEST_IN := $(addprefix $(D)/,measures.csv tokens.csv) \
              $(SETTINGS) $(call chosen,user_dict.txt stop_words.txt generic_words.txt synonyms.csv)
suggest: $(SUGGEST_IN) $(BACKGROUNDS) | $(VENV)/core.ok ## list terms and synonyms that the word lists lack, each with the line to paste
	@$(RUN).suggest $(SUGGEST_IN) $(BACKGROUND_FOLDER) $(D)/suggestions.csv

# --- how often is the verdict wrong? -------------------------------------------------------------------------------

calibrate: $(D)/tokens.csv | $(CLUSTER) ## try the verdict on corpora whose truth is known (about an hour)
	$(call say,calibrate,校准)
	@mkdir -p $(dir $(CALIBRATION))
	@$(RUN).calibration $(D)/tokens.csv $(SETTINGS) $(CALIBRATION).csv $(CALIBRATION).json
	@$(RUN).charts.calibration $(CALIBRATION).csv $(CHART_IN) $(CALIBRATION)
	@$(RUN).background_calibration $(D)/tokens.csv $(SETTINGS) $(M)/background $(addprefix $(dir $(CALIBRATION))background.,csv json)

# --- notebooks, proof, measurement ---------------------------------------------------------------------------------

NOTEBOOKS := $(patsubst %.py,%.ipynb,$(wildcard notebooks/*.py))
notebooks: $(NOTEBOOKS) ## run the notebooks in notebooks/ and store their results

EXPLORE   := pipeline/fonts.py $(wildcard pipeline/explore/*.py) pipeline/report/__init__.py pipeline/report/strings.zh.toml $(COUNTS) pipeline/stats/keyness.py
# What reads files of one's own, or cuts with another dictionary, without make: the code of the stages up to the shared passages.
PREVIEW   := $(patsubst %,pipeline/%.py,ingest batches study drafts reading_notes refusals units hygiene overlay hashing measures clauses segment segmentation engine keywords keyword_resampling \
               phrases characters similarity shared_passages) \
             $(wildcard pipeline/readers/*.py) $(addprefix pipeline/stats/,keyness.py scaling.py shingles.py) $(EVIDENCE)
notebooks/05_your_own_documents.ipynb notebooks/06_another_dictionary.ipynb: $(PREVIEW)
notebooks/07_how_sure.ipynb: $(CALIBRATED)
notebooks/%.ipynb: notebooks/%.py $(EXPLORE) pipeline/execute_notebook.py $(CORE) $(TABLES) | $(VENV)/dev.ok
	$(call say,notebook,$@)
	@$(RUN).execute_notebook $< $@

# +: what the server says is shown at once, not when it ends; with `make -n` nothing is started.
lab: $(VENV)/lab.ok $(TABLES) ## open the notebooks in JupyterLab, in a browser on this machine
	+@$(if $(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),:,$(RUN).lab notebooks)

# Made anew on request only: a browser draws a little otherwise from version to version.
picture: $(REPORTS) $(VENV)/dev.ok ## take the pictures of the report in the READMEs (needs Chromium)
	@$(PY) -m benchmarks.picture $(R)/report.html '#lang=zh' docs/report.png
	@$(PY) -m benchmarks.picture $(R)/report.html '#lang=en' docs/report.en.png

tables-page: $(VENV)/core.ok ## write docs/tables.md from the contracts of the tables
	@$(RUN).described docs/tables.md

# In their order: pytest-xdist would begin with the files of many tests and end with those of few, which take longest.
test: $(VENV)/dev.ok ## run the tests
	@$(PY) -m pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder

lint: $(VENV)/dev.ok ## check style, types and import contracts
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-logo

check: lint test ## lint and test

verify: $(D)/manifest.json ## make everything again elsewhere and compare every byte
	@$(RUN).verify $(D)/manifest.json $(VENV)

# SIZES=tiny, ONLY=parts, BENCH_CORPUS=file: only printed, unless OUT says where to.
bench: $(VENV)/dev.ok ## measure what everything takes, ratios side by side (about an hour): benchmarks/results.md
	@$(PY) -m benchmarks.bench $(VENV) $(if $(SIZES),--sizes $(call quoted,$(SIZES))) $(if $(ONLY),--only $(call quoted,$(ONLY))) \
	  $(if $(BENCH_CORPUS),--corpus $(call quoted,$(BENCH_CORPUS))) $(if $(filter command,$(origin OUT)),--out $(call quoted,$(OUT)))

# OUT: another page for texts of one's own.
OUT ?= reports/calibration/small-n.md
bench-small-n: $(VENV)/core.ok ## groups in a few texts, with and without a background: LABELLED=file [PARAGRAPHS=file]
	@test -n $(call quoted,$(LABELLED)) || { printf '%s\n' '请给出 LABELLED=文件（.csv 或 .jsonl，含 text 与 label）' \
	  'Give LABELLED=file (.csv or .jsonl with text and label)' >&2; exit 2; }
	@$(PY) -m benchmarks.small_n $(call quoted,$(LABELLED)) $(if $(PARAGRAPHS),$(call quoted,$(PARAGRAPHS))) $(call quoted,$(OUT))

define newline


endef
# A and B: folders of data/processed. The runs of whole corpora are brought up to date first; one of another unit or method
# must have been made, for its name does not say where the folder of its method lies.
REFERENCE ?= own
compared_bad = $(or $(call bad_name,$(1)),$(filter .% -%,$(1)))
of_corpus    = $(if $(findstring @,$(1))$(findstring +,$(1)),,$(1))
.PHONY: compare
compare: $(VENV)/core.ok ## what changed between two runs and why: A=name B=name [REFERENCE=A]
ifneq ($(or $(call compared_bad,$(A)),$(call compared_bad,$(B)),$(filter $(A),$(B)),$(filter-out own A B background,$(REFERENCE))),)
	@printf '%s\n' '请给出两个不同的名称：make compare A=名称 B=名称 [REFERENCE=A|B|background]（名称为 data/processed 中的文件夹）' \
	  'Give two different names: make compare A=name B=name [REFERENCE=A|B|background] (folders of data/processed)' >&2; exit 2
else
	@for name in $(foreach name,$(A) $(B),$(if $(call of_corpus,$(name)),,'$(name)')); do \
	  test -f "data/processed/$$name/manifest.json" || { printf '%s\n' \
	  "没有 data/processed/$$name/manifest.json。请先运行 make all CORPUS=… [UNIT=…] [METHOD=…]，得到这个名称的结果。" \
	  "There is no data/processed/$$name/manifest.json. First run make all CORPUS=... [UNIT=...] [METHOD=...] that gives this name." >&2; exit 2; }; done
	$(foreach name,$(call of_corpus,$(A)) $(call of_corpus,$(B)),@$(MAKE) --no-print-directory all 'CORPUS=$(name)' UNIT= METHOD=$(newline))
	$(call say,compare,比较两次运行)
	@$(RUN).compare 'data/processed/$(A)' 'data/processed/$(B)' '$(REFERENCE)' $(M)/settings.toml $(M)/background 'data/processed/$(A)--$(B)'
	@$(RUN).report.compare 'data/processed/$(A)--$(B)' 'data/processed/$(A)' 'data/processed/$(B)' $(M)/settings.toml $(M)/glossary.csv 'reports/$(A)--$(B)'
	@printf '\n%s\n%s\n' '完成。请打开 reports/$(A)--$(B)/compare.html' 'Done. Open reports/$(A)--$(B)/compare.html'
endif

LOCK := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
          --no-emit-index-url --no-header --no-annotate
lock: $(VENV)/dev.ok ## resolve the dependencies anew (maintainers)
	@sed -n 's/^requires = \["\(.*\)"\]/\1/p' pyproject.toml | $(LOCK) - -o requirements-build.lock
	@$(LOCK) pyproject.toml -o requirements.lock
	@$(LOCK) pyproject.toml --extra traditional --extra pdf --extra cluster -c requirements.lock -o requirements-extras.lock
	@$(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	@$(LOCK) pyproject.toml --extra lab -c requirements-dev.lock -o requirements-lab.lock

clean: ## remove what was generated (the environment stays)
	@rm -rf $(D) $(R)/*.html $(R)/*.docx $(R)/*.pdf $(R)/*.zip $(R)/*.part $(F)/*.png $(F)/*.pdf $(F)/*.csv $(F)/*.single.* $(F)/*.part .cache/jieba/tmp*
	@echo 'removed $(D) and the uncommitted part of $(R)'
